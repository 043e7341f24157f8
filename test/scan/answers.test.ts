import { describe, expect, it } from 'vitest';
import { verdictOf, versionOf } from '../../src/scan/answers.ts';
import { parseScanAddress } from '../../src/scan-address.ts';

describe('an answer of clamd’s', () => {
  it.each([
    ['stream: OK\0', { kind: 'clean' }],
    ['stream: OK\n', { kind: 'clean' }],
    ['stream: Win.Test.EICAR_HDB-1 FOUND\0', { kind: 'infected', signature: 'Win.Test.EICAR_HDB-1' }],
    ['stream: {HEX}php.gzbase64.416.UNOFFICIAL FOUND\0', { kind: 'infected' }],
    // ExtendedDetectionInfo adds the MD5 and the size.
    [
      'stream: Eicar-Signature(69630e4574ec6798239b091cda43dca0:69) FOUND\0',
      { kind: 'infected', signature: 'Eicar-Signature' },
    ],
    // Signatures of one's own may have any name: it is cut, and is no reason to call the scanner strange.
    [`stream: ${'Own.'.repeat(90)}UNOFFICIAL FOUND\0`, { kind: 'infected', signature: 'Own.'.repeat(50) }],
    ['stream: Büro Wurm.UNOFFICIAL FOUND\0', { kind: 'infected', signature: 'B?ro Wurm.UNOFFICIAL' }],
    ['stream: Heuristics.Phishing.Email.SpoofedDomain FOUND\0', { kind: 'infected' }],
    ['INSTREAM size limit exceeded. ERROR\0', { kind: 'not_scanned', reason: 'too_large' }],
    ['stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0', { kind: 'not_scanned', reason: 'limits' }],
    ['stream: Heuristics.Limits.Exceeded FOUND\0', { kind: 'not_scanned', reason: 'limits' }],
    ['stream: Heuristics.Encrypted.Zip FOUND\0', { kind: 'not_scanned', reason: 'encrypted' }],
    ['stream: Heuristics.Encrypted.PDF FOUND\0', { kind: 'not_scanned', reason: 'encrypted' }],
    ['stream: Bad format or broken data ERROR\0', { kind: 'not_scanned', reason: 'refused' }],
    // HeuristicScanPrecedence: one answer for each signature. What is malware counts.
    [
      'stream: Heuristics.Limits.Exceeded.MaxFiles FOUND\0stream: Evil.Worm FOUND\0',
      { kind: 'infected', signature: 'Evil.Worm' },
    ],
    ['stream: Heuristics.Encrypted.Zip FOUND\0stream: OK\0', { kind: 'not_scanned', reason: 'encrypted' }],
  ])('%j means %j', (said, verdict) => {
    expect(verdictOf(said)).toMatchObject(verdict);
  });

  it.each([
    ['', 'scanner_away'],
    ['Error writing to temporary file ERROR\0', 'scanner_failed'],
    ["stream: Can't allocate memory ERROR\0", 'scanner_failed'],
    ["stream: Can't create temporary file ERROR\0", 'scanner_failed'],
    ['COMMAND READ TIMED OUT ERROR\0', 'scanner_failed'],
    ['COMMAND READ TIMED OUT\n', 'scanner_slow'],
    ['UNKNOWN COMMAND\0', 'scanner_strange'],
    ['220 mail.example.com ESMTP\r\n', 'scanner_strange'],
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'scanner_strange'],
    ['stream: OK, I think\0', 'scanner_strange'],
    ['fd[7]: OK\0', 'scanner_strange'],
  ])('%j says nothing of the file', (said, code) => {
    const fail = () => verdictOf(said);
    expect(fail).toThrow(expect.objectContaining({ code }));
  });

  it('never shows more of a stranger’s words than a short printable part', () => {
    const fail = () => verdictOf(`stream: Can't allocate memory \x1b[31m${'x'.repeat(5_000)} ERROR\0`);
    expect(fail).toThrow(/^The scanner says: Can't allocate memory \?\[31mx{0,120}$/);
  });
});

describe('the version', () => {
  it('tells the signatures and their day', () => {
    expect(versionOf('ClamAV 1.4.3/27812/Thu Nov 26 08:26:31 2026\0')).toEqual({
      ...{ text: 'ClamAV 1.4.3/27812/Thu Nov 26 08:26:31 2026', engine: 'ClamAV 1.4.3', signatures: '27812' },
      signaturesAt: Date.UTC(2026, 10, 26, 8, 26, 31),
    });
    // asctime(3) writes a one-digit day with two spaces.
    expect(versionOf('ClamAV 1.0.9/27001/Sun Nov  1 00:00:00 2026\0').signaturesAt).toBe(
      Date.UTC(2026, 10, 1),
    );
  });

  it('may come without official signatures', () => {
    expect(versionOf('ClamAV 1.4.6\0')).toMatchObject({ engine: 'ClamAV 1.4.6', signatures: null });
  });

  it.each(['', 'PONG\0', 'Redis 7', '-ERR unknown command\r\n'])('%j is not clamd’s', (said) => {
    expect(() => versionOf(said)).toThrow(expect.objectContaining({ code: 'scanner_strange' }));
  });
});

describe('VAULT_SCAN', () => {
  it.each([
    ['clamd://scanner:3310', { kind: 'tcp', host: 'scanner', port: 3310 }],
    ['clamd://scanner', { kind: 'tcp', host: 'scanner', port: 3310 }],
    ['clamd://10.0.0.7:99/', { kind: 'tcp', host: '10.0.0.7', port: 99 }],
    ['clamd://[::1]:3310', { kind: 'tcp', host: '::1', port: 3310 }],
    ['clamd:///run/clamav/clamd.ctl', { kind: 'socket', path: '/run/clamav/clamd.ctl' }],
    ['unix:/run/clamav/clamd.ctl', { kind: 'socket', path: '/run/clamav/clamd.ctl' }],
    ['unix:///run/clamav/clamd.ctl', { kind: 'socket', path: '/run/clamav/clamd.ctl' }],
  ])('%s', (text, address) => expect(parseScanAddress(text)).toEqual(address));

  it.each([
    '',
    'yes',
    'scanner:3310',
    'http://scanner:3310',
    'clamd://',
    'clamd://scanner:0',
    'clamd://scanner:70000',
    'clamd://user:pass@scanner',
    'clamd://a b',
    'unix:relative.sock',
  ])('%j is no address', (text) => expect(parseScanAddress(text)).toBeUndefined());
});
