import type { OpenView, StoredMessage } from '../slack/control/contract.ts';
import { CliError, type Client, withQuery } from './client.ts';
import type { Options } from './options.ts';

type Element = Record<string, unknown>;

/**
 * The payload of a click: none for a button, else the choice. `--value` is the value of an option, or a person,
 * channel, date or time; `--payload` is the payload as Slack would send it.
 */
export const payloadFor = async (
  client: Client,
  click: { as: string; actionId: string; options: Options },
): Promise<object | null> => {
  const { value, payload } = click.options;
  if (payload !== undefined) return parse(payload);
  if (value === undefined) return null;
  const blocks = await blocksAt(client, click.as, click.options);
  const element = elementsIn(blocks).find(({ action_id }) => action_id === click.actionId);
  const key = CHOICES[String(element?.type)];
  if (element === undefined || key === undefined) return { value };
  if (key === 'selected_option') return { [key]: optionOf(element, value) };
  if (key === 'selected_options') return { [key]: value.split(',').map((one) => optionOf(element, one)) };
  return { [key]: key.endsWith('s') ? value.split(',') : value };
};

const CHOICES: Readonly<Record<string, string>> = {
  static_select: 'selected_option',
  external_select: 'selected_option',
  radio_buttons: 'selected_option',
  overflow: 'selected_option',
  checkboxes: 'selected_options',
  multi_static_select: 'selected_options',
  users_select: 'selected_user',
  multi_users_select: 'selected_users',
  channels_select: 'selected_channel',
  conversations_select: 'selected_conversation',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
};

const blocksAt = async (client: Client, as: string, options: Options): Promise<Element[]> => {
  if (options.home) {
    const { view } = await client.request<{ view: { blocks?: Element[] } | null }>(
      'GET',
      withQuery('home', { as }),
    );
    return view?.blocks ?? [];
  }
  if (options.view !== undefined) {
    const { views } = await client.request<{ views: OpenView[] }>('GET', withQuery('views', { as }));
    return (views.find(({ id }) => id === options.view)?.view.blocks ?? []) as Element[];
  }
  const messages: StoredMessage[] = await client.messages(options.channel, options.ts);
  return (messages.find(({ ts }) => ts === options.ts)?.blocks ?? []) as Element[];
};

const elementsIn = (blocks: readonly Element[]): Element[] =>
  blocks.flatMap(({ element, accessory, elements }) =>
    [element, accessory, ...((elements as unknown[]) ?? [])].filter(
      (one): one is Element => typeof one === 'object' && one !== null,
    ),
  );

const optionOf = (element: Element, value: string): Element => {
  const groups = (element.option_groups ?? []) as { options: Element[] }[];
  const options = [...((element.options ?? []) as Element[]), ...groups.flatMap(({ options: in_ }) => in_)];
  const found = options.find((option) => option.value === value);
  if (found !== undefined) return found;
  throw new CliError(
    `There is no option "${value}". Options: ${options.map((option) => String(option.value)).join(', ')}.`,
  );
};

const parse = (text: string): object => {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed;
  } catch {
    // Reported below, with JSON that is not an object.
  }
  throw new CliError('The payload must be a JSON object such as {"selected_user": "U…"}.');
};
