import { FRAME_BYTES, isVoiced } from './mulaw.ts';

/** Cuts off where both channels are silent, at the start and at the end. */
export const trimChannels = (channels: readonly Uint8Array[]): Uint8Array[] => {
  const frames = Math.floor(channels[0]!.length / FRAME_BYTES);
  const voiced = Array.from({ length: frames }, (_, frame) =>
    channels.some((channel) => isVoiced(channel.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES))),
  );
  const from = Math.max(0, voiced.indexOf(true)) * FRAME_BYTES;
  const to = (voiced.lastIndexOf(true) + 1) * FRAME_BYTES;
  return channels.map((channel) => channel.subarray(from, to));
};

/** Two channels as one: at each moment the louder of the two. */
export const mixChannels = (one: Uint8Array, other: Uint8Array): Uint8Array =>
  // Mu-law codes are inverted: without the sign, the smaller one is louder.
  one.map((code, index) => ((code & 0x7f) <= (other[index]! & 0x7f) ? code : other[index]!));
