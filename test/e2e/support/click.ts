import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';

/** An element of a message, as a click on it is described. */
export interface Element {
  action_id: string;
  block_id?: string;
  payload?: Record<string, unknown>;
}

interface Option {
  value: string;
  text: { text: string };
}

/** The button or menu option whose value or text names `what`, as a click on it. */
export const elementFor = (message: StoredMessage, what: string): Element => {
  for (const block of (message.blocks ?? []) as {
    block_id?: string;
    elements?: object[];
    accessory?: object;
  }[]) {
    for (const element of [...(block.elements ?? []), block.accessory ?? {}] as {
      action_id?: string;
      value?: string;
      text?: { text: string };
      options?: Option[];
      option_groups?: { options: Option[] }[];
    }[]) {
      if (element.action_id === undefined) continue;
      const where = {
        action_id: element.action_id,
        ...(block.block_id === undefined ? {} : { block_id: block.block_id }),
      };
      const matches = (value: string | undefined, text: string | undefined): boolean =>
        `${value ?? ''} ${text ?? ''} ${element.action_id}`.toLowerCase().includes(what);
      const options = element.options ?? element.option_groups?.flatMap((group) => group.options);
      const option = options?.find(({ value, text }) => matches(value, text.text));
      if (option !== undefined) return { ...where, payload: { selected_option: option } };
      if (options === undefined && matches(element.value, element.text?.text)) {
        return { ...where, ...(element.value === undefined ? {} : { payload: { value: element.value } }) };
      }
    }
  }
  throw new Error(`nothing to click for ${what}: ${JSON.stringify(message.blocks)}`);
};
