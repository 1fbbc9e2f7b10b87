import { randomInt, randomUUID } from 'node:crypto';
import { dialPlan } from '../core/calls/dial-plan.ts';
import type { ConversationId, LegId, PhoneNumber } from '../core/ids.ts';
import type { Rooms, Store } from '../core/ports.ts';
import { createFlows, type FlowOptions, type Flows, MEETING_TIMING } from '../flows/index.ts';
import type { Telephony } from '../telephony/index.ts';
import { signPass } from '../web/meetings/link.ts';
import { meetingUrl } from '../web/meetings/routes.ts';
import { signSample } from '../web/recordings/sample-token.ts';
import type { Adapters } from './adapters.ts';
import type { Starting } from './starting.ts';

/** The use cases, over the ports that the earlier steps opened. */
export const composeFlows = (
  { config, clock, secret, logOf, publicUrl, nodeUrl }: Starting,
  { bot, links, speech, charts }: Adapters,
  { store, rooms, telephony }: { store: Store; rooms: Rooms; telephony: Telephony | null },
): Flows =>
  createFlows({
    store,
    chat: bot.chat,
    links,
    speech,
    charts,
    rooms,
    clock,
    log: logOf('flows'),
    newId: () => randomUUID() as ConversationId,
    sampleUrl: async (sample, nowMs) => {
      const base = publicUrl();
      return base === null ? null : `${base}/samples/${await signSample(sample, secret, nowMs)}`;
    },
    linkTo: async (base, pass, nowMs) => meetingUrl(base, await signPass(pass, secret, nowMs)),
    instance: {
      // An embedded database has one process at a time, which is the same instance after every restart.
      id: config.databaseUrl === null ? 'the only one' : randomUUID(),
      url: nodeUrl,
    },
    timing: { ...MEETING_TIMING, graceMs: config.meetings.graceMs },
    calls: callOptions(config, telephony),
  });

const callOptions = (
  { telephony: network, calls }: Starting['config'],
  telephony: Telephony | null,
): FlowOptions['calls'] =>
  telephony === null || network === null
    ? null
    : {
        phone: telephony.phone,
        plan: dialPlan({ ...calls, callerId: network.number as PhoneNumber }),
        limits: calls.limits,
        newLegId: () => randomUUID() as LegId,
        random: () => randomInt(2 ** 47) / 2 ** 47,
      };
