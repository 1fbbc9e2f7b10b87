import type { DtlsParameters, RtpCapabilities, RtpParameters } from 'mediasoup/types';
import { z } from 'zod';

/**
 * How browsers describe media, with bounds on every list and text. mediasoup itself validates the meaning; these keep
 * what cannot be valid away from it.
 */
const token = z.string().min(1).max(255);
const short = z.string().max(1024);
const unsigned32 = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
const payloadType = z.int().min(0).max(127);
const parameters = z.record(token, z.union([z.string().max(1024), z.number(), z.null()]));
const feedback = z.array(z.object({ type: token, parameter: short.exactOptional() })).max(16);

const capability = z.object({
  kind: z.enum(['audio', 'video']),
  mimeType: token,
  preferredPayloadType: payloadType,
  clockRate: unsigned32,
  channels: z.int().min(1).max(255).exactOptional(),
  parameters: parameters.exactOptional(),
  rtcpFeedback: feedback.exactOptional(),
});

const extensionUri = z.string().max(255);

/** What a browser can play. @see https://mediasoup.org/documentation/v3/mediasoup/rtp-parameters-and-capabilities/ */
export const rtpCapabilities = z
  .object({
    codecs: z.array(capability).max(64),
    headerExtensions: z
      .array(
        z.object({
          kind: z.enum(['audio', 'video']),
          uri: extensionUri,
          preferredId: z.int().min(1).max(255),
          preferredEncrypt: z.boolean().exactOptional(),
          direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).exactOptional(),
        }),
      )
      .max(64)
      .exactOptional(),
  })
  // mediasoup types the URIs of header extensions, and ignores unknown ones.
  .transform((value) => value as RtpCapabilities);

/** How a browser sends one stream. */
export const rtpParameters = z
  .object({
    mid: z.string().max(255).exactOptional(),
    codecs: z
      .array(
        z.object({
          mimeType: token,
          payloadType,
          clockRate: unsigned32,
          channels: z.int().min(1).max(255).exactOptional(),
          parameters: parameters.exactOptional(),
          rtcpFeedback: feedback.exactOptional(),
        }),
      )
      .min(1)
      .max(64),
    headerExtensions: z
      .array(
        z.object({
          uri: extensionUri,
          id: z.int().min(1).max(255),
          encrypt: z.boolean().exactOptional(),
          parameters: parameters.exactOptional(),
        }),
      )
      .max(64)
      .exactOptional(),
    encodings: z
      .array(
        z.object({
          ssrc: unsigned32.exactOptional(),
          rid: z.string().max(16).exactOptional(),
          codecPayloadType: payloadType.exactOptional(),
          rtx: z.object({ ssrc: unsigned32 }).exactOptional(),
          dtx: z.boolean().exactOptional(),
          scalabilityMode: z.string().max(32).exactOptional(),
          scaleResolutionDownBy: z.number().exactOptional(),
          maxBitrate: z.number().exactOptional(),
        }),
      )
      // Three layers, and some that browsers may add.
      .max(8)
      .exactOptional(),
    rtcp: z
      .object({
        cname: z.string().max(255).exactOptional(),
        reducedSize: z.boolean().exactOptional(),
        mux: z.boolean().exactOptional(),
      })
      .exactOptional(),
    msid: z.string().max(255).exactOptional(),
  })
  .transform((value) => value as RtpParameters);

export const dtlsParameters: z.ZodType<DtlsParameters> = z.object({
  role: z.enum(['auto', 'client', 'server']).exactOptional(),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,63}$/),
      }),
    )
    .min(1)
    .max(8),
});
