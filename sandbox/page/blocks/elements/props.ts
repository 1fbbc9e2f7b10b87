import type { Element } from '../types.ts';

/** What an input block passes to its element. */
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
  /** Set in input blocks; elsewhere every change is sent to the app. */
  readonly field?: Field | undefined;
}

/** The attributes that tie a control to its label, hint and error. */
export const labelProps = (field: Field | undefined, fallbackLabel: string) =>
  field
    ? {
        id: field.id,
        'aria-labelledby': field.labelledBy,
        'aria-describedby': field.describedBy || undefined,
        'aria-invalid': field.invalid || undefined,
      }
    : { 'aria-label': fallbackLabel };
