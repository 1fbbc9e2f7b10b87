import { randomBytes } from 'node:crypto';

/** An id in Twilio's format: two letters for the kind and 32 hexadecimal digits. */
export const newSid = (kind: 'CA' | 'RE' | 'MZ' | 'AC'): string => kind + randomBytes(16).toString('hex');

/** `Mon, 15 Aug 2025 15:52:01 +0000`. @see https://www.rfc-editor.org/rfc/rfc2822#section-3.3 */
export const rfc2822 = (atMs: number): string => new Date(atMs).toUTCString().replace('GMT', '+0000');
