import { useState } from 'preact/hooks';
import { buildReport, CHECKS, decideVerdict, type Finding, NO_FINDINGS } from './findings.ts';
import { runChecks } from './run-checks.ts';
import { CHECK_TITLES, PAGE, RESULTS } from './sentences.ts';

/** Runs the checks on a click, and shows what they found and what that means. */
export function DoctorPage({ socketUrl }: { socketUrl: string }) {
  const [findings, setFindings] = useState(NO_FINDINGS);
  const [isRunning, setRunning] = useState(false);
  const verdict = decideVerdict(findings);
  const start = async (): Promise<void> => {
    setRunning(true);
    setFindings(NO_FINDINGS);
    await runChecks({
      socketUrl,
      report: (name, finding) => setFindings((before) => ({ ...before, [name]: finding })),
    });
    setRunning(false);
  };
  return (
    <main class="doctor">
      <header>
        <p class="eyebrow">Parley</p>
        <h1>{PAGE.title}</h1>
        <p class="muted">{PAGE.intro}</p>
      </header>
      <button
        type="button"
        class="button is-primary is-large"
        disabled={isRunning}
        onClick={() => void start()}
      >
        {isRunning ? PAGE.running : verdict === null ? PAGE.start : PAGE.again}
      </button>
      <div role="status">
        {verdict !== null && (
          <section class={`verdict is-${verdict.outcome}`}>
            <h2>{verdict.headline}</h2>
            <p>{verdict.advice}</p>
          </section>
        )}
      </div>
      <ul class="checks" aria-label={PAGE.checks}>
        {CHECKS.map((name) => (
          <li key={name} class={`check is-${findings[name].state}`}>
            <span class="check-mark" aria-hidden="true">
              {MARKS[findings[name].state]}
            </span>
            <span class="check-title">{CHECK_TITLES[name]}</span>
            <span class="check-detail muted small">{detailOf(findings[name])}</span>
          </li>
        ))}
      </ul>
      {verdict !== null && (
        <Report
          text={buildReport(findings, {
            host: location.host,
            browser: navigator.userAgent,
            at: new Date(),
          })}
        />
      )}
    </main>
  );
}

function Report({ text }: { text: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void =>
    void navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => {},
    );
  return (
    <section class="report">
      <h2>{PAGE.report}</h2>
      <pre>{text}</pre>
      <button type="button" class="button" onClick={copy}>
        {isCopied ? PAGE.copied : PAGE.copy}
      </button>
    </section>
  );
}

const MARKS: Readonly<Record<Finding['state'], string>> = {
  waiting: '·',
  running: '…',
  ok: '✓',
  failed: '✗',
  skipped: '–',
};

/** In words as well: the mark alone says nothing to a screen reader or without colours. */
const detailOf = (finding: Finding): string =>
  'detail' in finding ? RESULTS[finding.state](finding.detail) : RESULTS[finding.state];
