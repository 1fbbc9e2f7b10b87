import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/links/addresses.ts';
import { type ClosableLinks, createLinks, type LinksOptions } from '../../src/links/index.ts';
import { recordingLog } from '../speech/support.ts';
import { type FileServer, startFileServer } from './support.ts';

const signal = new AbortController().signal;
const log = recordingLog();
let server: FileServer;
let redirectTo = '';
const opened: ClosableLinks[] = [];
const linksWith = (options: Partial<LinksOptions> = {}): ClosableLinks => {
  const links = createLinks({ log, ...options });
  opened.push(links);
  return links;
};
/** `files.test` stands for a public server; no other address of this machine is allowed. */
const withPublicServer = (): ClosableLinks =>
  linksWith({
    resolve: async (hostname) => (hostname === 'files.test' ? ['127.0.0.1'] : ['10.1.2.3']),
    allowPrivate: ({ hostname }) => hostname === 'files.test',
  });

beforeEach(async () => {
  log.lines.length = 0;
  server = await startFileServer((_request, response) => {
    if (redirectTo === '') response.end('bytes');
    else response.writeHead(302, { location: redirectTo }).end();
  });
});
afterEach(async () => {
  redirectTo = '';
  await Promise.all(opened.splice(0).map((links) => links.close()));
  await server.close();
});

describe('a link into this machine or its network', () => {
  it.each([
    'http://127.0.0.1:PORT/',
    'http://localhost:PORT/',
    'http://LOCALHOST:PORT/',
    'http://[::1]:PORT/',
    'http://0.0.0.0:PORT/',
    'http://0:PORT/',
    'http://2130706433:PORT/',
    'http://0177.0.0.1:PORT/',
    'http://0x7f.1:PORT/',
    'http://0x7f000001:PORT/',
    'http://127.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://[::ffff:7f00:1]:PORT/',
    'http://[::127.0.0.1]:PORT/',
    'http://[::]:PORT/',
    'http://①②⑦.⓪.⓪.①:PORT/',
    'http://127.0.0.1.:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://192.168.0.1/',
    'https://10.0.0.1/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
  ])('is refused however it is written: %s', async (link) => {
    await expect(
      linksWith().open(link.replace('PORT', String(server.port)), { signal }),
    ).rejects.toMatchObject({
      name: 'AppError',
      code: 'link-refused',
      retryable: false,
    });
    expect(server.connections).toBe(0);
  });

  it.each([[['192.168.7.7']], [['::1']], [['::ffff:10.0.0.1']], [['93.184.215.14', '127.0.0.1']]])(
    'is refused when its name resolves there: %j',
    async (addresses) => {
      const links = linksWith({ resolve: async () => addresses });
      await expect(links.open('http://innocent.test/talk.mp3', { signal })).rejects.toMatchObject({
        code: 'link-refused',
      });
    },
  );

  it('is connected to the very address that was checked, whatever the name resolves to next', async () => {
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    let resolved = 0;
    const links = linksWith({
      resolve: async () => answers[resolved++] ?? [],
      allowPrivate: ({ address }) => address === '127.0.0.1',
    });
    await links.open(`http://rebinding.test:${server.port}/`, { signal });
    expect(resolved).toBe(1);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.headers.host).toBe(`rebinding.test:${server.port}`);
    // The next connection is checked again.
    await expect(links.open(`http://rebinding.test:${server.port}/`, { signal })).rejects.toMatchObject({
      code: 'link-refused',
    });
  });

  it.each([
    'http://127.0.0.1:PORT/',
    'http://metadata.test/',
    'http://[::1]/',
    '//10.0.0.1/x',
    'file:///etc/passwd',
  ])('is refused when a public server redirects there: %s', async (location) => {
    redirectTo = location.replace('PORT', String(server.port));
    await expect(
      withPublicServer().open(`http://files.test:${server.port}/`, { signal }),
    ).rejects.toMatchObject({ code: 'link-refused' });
    expect(server.requests).toHaveLength(1);
  });

  it('is refused after five redirects', async () => {
    redirectTo = '/again';
    await expect(
      withPublicServer().open(`http://files.test:${server.port}/`, { signal }),
    ).rejects.toMatchObject({ code: 'link-refused' });
    expect(server.requests).toHaveLength(6);
  });

  it('is opened at a trusted host and port, and refused at any other', async () => {
    const other = await startFileServer((_request, response) => response.end('secret'));
    const links = linksWith({
      allowPrivate: ({ hostname, port }) => hostname === '127.0.0.1' && port === server.port,
    });
    try {
      await links.open(`http://127.0.0.1:${server.port}/talk.wav`, { signal });
      redirectTo = `http://127.0.0.1:${other.port}/`;
      for (const link of [
        `http://127.0.0.1:${other.port}/`,
        `http://localhost:${server.port}/`,
        `http://127.0.0.1:${server.port}/leads-to-the-other`,
      ]) {
        await expect(links.open(link, { signal })).rejects.toMatchObject({ code: 'link-refused' });
      }
      expect(other.connections).toBe(0);
    } finally {
      await other.close();
    }
  });

  it('never gets into the log', async () => {
    await linksWith({ resolve: async () => ['10.0.0.1'] })
      .open('http://innocent.test/secret?signature=abc', { signal })
      .catch(() => {});
    expect(log.lines).toHaveLength(1);
    expect(JSON.stringify(log.lines)).not.toMatch(/innocent|secret|abc|10\.0/);
  });
});

describe('what is not a link', () => {
  it.each([
    ['ftp://files.test/talk.mp3', /https:\/\//],
    ['file:///etc/passwd', /https:\/\//],
    ['gopher://files.test/', /https:\/\//],
    ['javascript:alert(1)', /https:\/\//],
    ['data:audio/wav;base64,AAAA', /https:\/\//],
    ['talk.mp3', /isn’t a link/],
    ['', /isn’t a link/],
    ['http://', /isn’t a link/],
    ['https://user:secret@files.test/', /password/],
    ['https://user@files.test/', /password/],
  ])('%j is refused with a sentence', async (link, sentence) => {
    await expect(linksWith().open(link, { signal })).rejects.toMatchObject({
      code: 'link-refused',
      retryable: false,
      userMessage: expect.stringMatching(sentence),
    });
  });

  it.each([22, 25, 3306, 5432, 6379, 81])('is refused at port %d of a public server', async (port) => {
    const links = linksWith({ resolve: async () => ['93.184.215.14'] });
    await expect(links.open(`http://public.test:${port}/`, { signal })).rejects.toMatchObject({
      code: 'link-refused',
      userMessage: expect.stringContaining('port'),
    });
  });
});

describe('addresses', () => {
  it.each(['8.8.8.8', '93.184.215.14', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'])(
    '%s is public',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:2::1',
    '2001:10::1',
    '2001:db8::1',
    '2002:808:808::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'ff0e::1',
    '1.1',
    '0x7f.1',
    '',
    'localhost',
  ])('%j is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});
