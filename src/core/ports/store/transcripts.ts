import type { ConversationId } from '../../ids.ts';
import type { SpeakerNames, Transcription } from '../../transcription.ts';

export interface TranscriptTx {
  saveTranscription(id: ConversationId, transcription: Transcription): Promise<void>;
  transcription(id: ConversationId): Promise<Transcription | null>;
  saveSpeakerNames(id: ConversationId, names: SpeakerNames): Promise<void>;
  /** Empty until a speaker is named. */
  speakerNames(id: ConversationId): Promise<SpeakerNames>;
}
