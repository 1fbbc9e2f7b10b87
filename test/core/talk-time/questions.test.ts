import { expect, test } from 'vitest';
import { countQuestions } from '../../../src/core/talk-time/questions.ts';

test.each([
  ['Why? Because.', 1],
  ['Really?! What??? Yes!', 2],
  ['Is it so…? Or not?...', 2],
  ['He asked “why?” and left.', 1],
  ['(Is it?) "Yes?" ‘No?’', 3],
  ['«Pourquoi ?» dit-il.', 1],
  ['„Warum?“, sagte er.', 1],
  ['¿Qué tal? Bien.', 1],
  ['See example.com/a?b=c for more.', 0],
  ['No question; none at all.', 0],
  ['', 0],
  ['本当ですか？はい。', 1],
  ['是吗？！好。真的?对。', 2],
  ['هل هذا صحيح؟ نعم.', 1],
  ['Τι κάνεις; Καλά.', 1],
  ['Τι κάνεις\u037e Καλά.', 1],
  ['Το «γιατί;» και το «πώς;»', 2],
  ['Ինչո՞ւ։ Այո։', 1],
  ['ለምን፧ አዎ።', 1],
  ['What⁈ Truly‽', 2],
])('%j asks %i times', (text, count) => {
  expect(countQuestions(text)).toBe(count);
});
