import type { RequestHandler } from 'express';
import type { Workspace } from '../workspace.ts';
import { multipartFile } from './multipart.ts';

/** `POST /upload/v1/:secret`: the URL from files.getUploadURLExternal, good for one upload. */
export const createUploadHandler =
  (workspace: Workspace): RequestHandler<{ id: string; secret: string }> =>
  async (request, response) => {
    const { files } = workspace.store;
    const file = files.get(request.params.id);
    if (file === null || file.state !== 'reserved' || file.uploadSecret !== request.params.secret) {
      response.status(404).type('text/plain').send('This upload URL does not exist or was used.');
      return;
    }
    const { uploadSecret: _used, ...rest } = file;
    // Used up before the first byte, so that only one of two concurrent uploads succeeds.
    files.save(rest);
    const boundary = /^multipart\/form-data;.*boundary="?([^";]+)/i.exec(
      request.headers['content-type'] ?? '',
    )?.[1];
    try {
      const bytes = boundary === undefined ? request : multipartFile(request, boundary);
      const size = await workspace.files.write(file.id, bytes);
      files.save({ ...rest, size, state: 'uploaded' });
      response.type('text/plain').send(`OK - ${size}`);
    } catch (error) {
      workspace.log.warn({ fileId: file.id, err: error }, 'slack: an upload was interrupted');
      if (!response.headersSent) response.status(500).type('text/plain').send('The upload was interrupted.');
    }
  };
