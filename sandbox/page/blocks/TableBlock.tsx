import { blockKit } from '../sentences.ts';
import { LibraryBlock } from './LibraryBlock.tsx';
import type { Block, TableCell } from './types.ts';

/** The first row is the header row, as in Slack. */
export function TableBlock({ block }: { block: Block }) {
  const [head = [], ...rows] = block.rows ?? [];
  const align = (column: number) => block.column_settings?.[column]?.align ?? 'left';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable by keyboard.
    <section class="block-table" tabIndex={0} aria-label={blockKit.table}>
      <table>
        <thead>
          <tr>
            {head.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column.
              <th key={column} scope="col" style={{ textAlign: align(column) }}>
                <Cell of={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their position.
            <tr key={index}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column.
                <td key={column} style={{ textAlign: align(column) }}>
                  <Cell of={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cell({ of }: { of: TableCell }) {
  if (of.type === 'rich_text') return <LibraryBlock block={of as object as Block} />;
  return <span dir="auto">{of.text ?? of.value ?? ''}</span>;
}
