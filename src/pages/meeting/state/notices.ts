import type { Notice, State } from './state.ts';

/** An info replaces the one before. An error stays until it is dismissed, and a repeated one moves to the end. */
export const withNotice = (state: State, text: string, tone: Notice['tone'] = 'info'): State => {
  const id = state.lastNoticeId + 1;
  const others = state.notices.filter((notice) =>
    tone === 'info' ? notice.tone === 'error' : notice.text !== text,
  );
  return { ...state, notices: [...others, { id, text, tone }], lastNoticeId: id };
};

export const withoutNotice = (state: State, id: number): State => ({
  ...state,
  notices: state.notices.filter((notice) => notice.id !== id),
});
