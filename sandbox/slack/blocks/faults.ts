import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** zod's issues in Slack's words, each with its location: `no more than 25 items allowed [json-pointer:/blocks/0]`. */
export const faultsOf = (error: z.ZodError, root: string): string[] =>
  error.issues.flatMap((issue) =>
    describe(issue).map((what) => `${what} [json-pointer:${root}${pointer(issue)}]`),
  );

const pointer = (issue: Issue): string => issue.path.map((step) => `/${String(step)}`).join('');

const describe = (issue: Issue): string[] => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `invalid additional property: ${key}`);
    case 'too_big':
      return [
        issue.origin === 'string'
          ? `must be less than ${Number(issue.maximum) + 1} characters`
          : issue.origin === 'array'
            ? `no more than ${issue.maximum} items allowed`
            : `must be at most ${issue.maximum}`,
      ];
    case 'too_small':
      return [
        issue.origin === 'string'
          ? `must be more than ${Number(issue.minimum) - 1} characters`
          : issue.origin === 'array'
            ? `no fewer than ${issue.minimum} items allowed`
            : `must be at least ${issue.minimum}`,
      ];
    case 'invalid_type':
      return [
        issue.message.endsWith('undefined')
          ? `missing required field: ${String(issue.path.at(-1) ?? '')}`
          : `must provide ${article(issue.expected)}`,
      ];
    case 'invalid_union':
      // `reportInput` gives the object or its `type`, depending on how zod resolved the union.
      return [`unsupported type: ${String((issue.input as { type?: unknown } | null)?.type ?? issue.input)}`];
    case 'custom':
      return [issue.message];
    default:
      return ['invalid value'];
  }
};

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`);
