import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOwnTracks, type OwnTracks } from '../../src/page/own-tracks.ts';
import { DEFAULT_SETTINGS } from '../../src/page/settings.ts';

/** A browser that asks its person, who takes their time. */
let allow: () => MediaStreamTrack;
let tracks: OwnTracks;
beforeEach(() => {
  vi.stubGlobal('navigator', {
    mediaDevices: {
      getUserMedia: () =>
        new Promise((resolve) => {
          allow = () => {
            const track = Object.assign(new EventTarget(), { stop: vi.fn() }) as unknown as MediaStreamTrack;
            resolve({ getTracks: () => [track] });
            return track;
          };
        }),
    },
  });
  tracks = createOwnTracks({
    settings: () => DEFAULT_SETTINGS,
    ended: () => {},
  });
});
afterEach(() => vi.unstubAllGlobals());

describe('a microphone that the browser opens late', () => {
  it('is closed at once when it is not wanted any more', async () => {
    const opening = tracks.open('microphone');
    tracks.close('microphone');
    const track = allow();
    expect(await opening).toBeNull();
    expect(track.stop).toHaveBeenCalled();
    expect(tracks.box.get().microphone).toBeNull();
  });

  it('stays when it is wanted again meanwhile', async () => {
    const first = tracks.open('microphone');
    tracks.close('microphone');
    const second = tracks.open('microphone');
    const track = allow();
    expect([await first, await second]).toEqual([track, track]);
    expect(track.stop).not.toHaveBeenCalled();
    expect(tracks.box.get().microphone).toBe(track);
  });

  it('is opened anew after it was closed in time', async () => {
    const first = tracks.open('microphone');
    tracks.close('microphone');
    allow();
    await first;
    const second = tracks.open('microphone');
    const track = allow();
    expect(await second).toBe(track);
    expect(track.stop).not.toHaveBeenCalled();
  });
});
