import type { Log, WallClock } from '../../src/core/ports.ts';
import type { PhoneFault } from './control/contract.ts';

/** Reports a mistake of the customer, as Twilio's debugger shows it. */
export type ReportFault = (fault: Omit<PhoneFault, 'atMs'>) => void;

const MAX_FAULTS = 200;

export const createFaultLog = (
  clock: WallClock,
  log: Log,
): { readonly report: ReportFault; list(): readonly PhoneFault[] } => {
  const faults: PhoneFault[] = [];
  return {
    report: (fault) => {
      faults.push({ atMs: clock.nowMs(), ...fault });
      if (faults.length > MAX_FAULTS) faults.shift();
      log.warn({ code: fault.code, callSid: fault.callSid }, 'phones: the customer made a mistake');
    },
    list: () => faults,
  };
};
