import type { ModalView } from '@slack/types';
import { CALLING, START_CALL } from '../sentences/calls.ts';
import { BUTTONS } from '../sentences/common.ts';
import { JOIN_LINK } from '../sentences/meetings.ts';
import { aroundCallee, type CallOrder, calleeElements, calleeText } from './call-plan.ts';
import { linkButton, linkText } from './meeting-link.ts';
import { type Built, emoji, line, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';

/** How the caller joins the call they placed; null while the link is awaited, `sentence` says why there is none. */
export type Calling =
  | { readonly from: 'own-phone' }
  | {
      readonly from: 'browser';
      readonly link: { readonly url: string } | { readonly sentence: string } | null;
    };

/** In place of the confirmation, once the call is placed: what happens now, and the caller's own link. */
export const buildCalling = (order: CallOrder, calling: Calling): Built => {
  const url =
    calling.from === 'browser' && calling.link !== null && 'url' in calling.link ? calling.link.url : null;
  const next = nextStep(calling);
  const [before, after] = aroundCallee(CALLING.heading);
  return {
    text: `${CALLING.heading(calleeText(order))} ${escapeMrkdwn(next)}${url === null ? '' : ` ${linkText(url)}`}`,
    blocks: [
      line(
        emoji('telephone_receiver'),
        words(` ${before}`),
        ...calleeElements(order),
        words(`${after}\n${next}`),
      ),
      ...(url === null ? [] : [linkButton(url)]),
    ],
  };
};

/** The same as a dialog. */
export const buildCallingView = (order: CallOrder, calling: Calling): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: START_CALL.title },
  close: { type: 'plain_text', text: BUTTONS.close },
  blocks: [...buildCalling(order, calling).blocks],
});

const nextStep = (calling: Calling): string => {
  if (calling.from === 'own-phone') return CALLING.fromOwnPhone;
  if (calling.link === null) return CALLING.awaitingLink;
  return 'url' in calling.link ? `${CALLING.joinNow} ${JOIN_LINK.note}` : clean(calling.link.sentence, 600);
};
