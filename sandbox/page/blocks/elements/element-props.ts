import type { Element } from '../types.ts';

/** What an input block tells the element in it. */
export interface Field {
  readonly id: string;
  readonly labelledBy: string;
  readonly describedBy: string;
  readonly invalid: boolean;
  /** Whether a change is sent to the app at once. */
  readonly dispatch: boolean;
}

export interface ElementProps {
  readonly blockId: string;
  readonly element: Element;
  /** Set in input blocks; elsewhere an element stands alone and every change is sent. */
  readonly field?: Field | undefined;
}

/** The attributes that tie a control to its label, hint and error. */
export const describedAs = (field: Field | undefined, fallbackLabel: string) =>
  field
    ? {
        id: field.id,
        'aria-labelledby': field.labelledBy,
        'aria-describedby': field.describedBy || undefined,
        'aria-invalid': field.invalid || undefined,
      }
    : { 'aria-label': fallbackLabel };
