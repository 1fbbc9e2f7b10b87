import { useState } from 'preact/hooks';
import { CHECKS, type Finding, NOTHING_YET, reportOf, verdictOf } from './findings.ts';
import { runChecks } from './run-checks.ts';

/** What is checked, what was found, and what that means for whoever looks at it. */
export function DoctorPage({ socketUrl }: { socketUrl: string }) {
  const [findings, setFindings] = useState(NOTHING_YET);
  const [running, setRunning] = useState(false);
  const [copied, setCopied] = useState(false);
  const verdict = verdictOf(findings);

  const start = async (): Promise<void> => {
    setRunning(true);
    setCopied(false);
    setFindings(NOTHING_YET);
    await runChecks({
      socketUrl,
      found: (name, finding) => setFindings((before) => ({ ...before, [name]: finding })),
    });
    setRunning(false);
  };
  const report = reportOf(findings, {
    host: location.host,
    browser: navigator.userAgent,
    at: new Date(),
  });
  const copy = (): void =>
    void navigator.clipboard?.writeText(report).then(
      () => setCopied(true),
      () => {},
    );

  return (
    <main class="doctor">
      <header>
        <p class="eyebrow">Parley</p>
        <h1>Does your connection work?</h1>
        <p class="muted">
          This sends a quiet tone to Parley and back, in every way a meeting could take. It needs no camera
          and no microphone, nothing is kept, and it takes at most a minute.
        </p>
      </header>
      <button type="button" class="button is-main is-large" disabled={running} onClick={() => void start()}>
        {running ? 'Testing …' : verdict === null ? 'Start the test' : 'Test again'}
      </button>
      <div role="status">
        {verdict !== null && (
          <section class={`verdict is-${verdict.good}`}>
            <h2>{verdict.headline}</h2>
            <p>{verdict.advice}</p>
          </section>
        )}
      </div>
      <ul class="checks" aria-label="What is tested">
        {CHECKS.map(({ name, title }) => (
          <li key={name} class={`check is-${findings[name].state}`}>
            <span class="check-mark" aria-hidden="true">
              {MARKS[findings[name].state]}
            </span>
            <span class="check-title">{title}</span>
            <span class="check-said muted small">{said(findings[name])}</span>
          </li>
        ))}
      </ul>
      {verdict !== null && (
        <section class="report">
          <h2>For whoever looks after Parley</h2>
          <pre>{report}</pre>
          <button type="button" class="button" onClick={copy}>
            {copied ? 'Copied' : 'Copy this text'}
          </button>
        </section>
      )}
    </main>
  );
}

const MARKS: Readonly<Record<Finding['state'], string>> = {
  waiting: '·',
  running: '…',
  ok: '✓',
  failed: '✗',
  skipped: '–',
};

/** The mark alone would tell nothing to a screen reader, nor to who does not see colours. */
const said = (finding: Finding): string => {
  switch (finding.state) {
    case 'waiting':
      return '';
    case 'running':
      return 'testing …';
    case 'ok':
      return `Works: ${finding.said}`;
    case 'failed':
      return `Does not work: ${finding.said}`;
    case 'skipped':
      return `Not tested: ${finding.said}`;
  }
};
