/** The page about errors, made from the table of reasons. */

import { problemDocument, problemType, proxyStatus, reasons, type Fault, type Reason } from '../contract/errors.ts'

const faults: Readonly<Record<Fault, string>> = {
  client: 'The request is at fault. Whoever sent it must change it, or wait.',
  upstream: 'The service behind the gateway is at fault, or the way to it.',
  gateway: 'The gateway is at fault, or has no room.'
}

/** The page. */
export function errorsPage (): string {
  const example = reasons['response-timeout']
  const body = JSON.stringify(JSON.parse(problemDocument(example, '4bf92f3577b34da6a3ce929d0e0e4736')), null, 2)
  const parts = [
    '# Errors',
    'Every answer that the gateway gives itself says whose fault it is, under one stable code: the same in the body, in the log line (`code`), in the span and in the\nlabel of the metric. A code is never renamed and never used for something else. This page is generated from the table in `src/contract/errors.ts` (`npm run generate`).',
    '## What an error looks like',
    `The body is a problem document (RFC 9457), the field Proxy-Status (RFC 9209) says the same for proxies in between:`,
    `\`\`\`http\nHTTP/1.1 ${example.status} Gateway Timeout\ncontent-type: ${problemType}\ncache-control: no-store\nx-request-id: 4bf92f3577b34da6a3ce929d0e0e4736\nproxy-status: ${proxyStatus('onedoor', example)}\n\n${body}\n\`\`\``,
    [
      '| Member | |',
      '| --- | --- |',
      '| `type` | `urn:onedoor:error:` and the code. |',
      '| `title` | What happened, in constant words. |',
      '| `status` | The status of the answer. |',
      '| `code` | The stable code; what programs should look at. |',
      '| `detail` | A sentence about this very request, where there is more to say. |',
      '| `requestId` | The id of the request, the same as in `x-request-id` and in the log. |',
      '| others | Policies add members of their own, such as `violated-policies` of a rate limit. |'
    ].join('\n'),
    'Addresses, secrets and causes are never sent; the log has them. An answer of an upstream, whatever its status, is passed on as it is and is no error of the gateway.\nPages of your own can take the place of these documents: [error pages](browsers.md#error-pages).',
    ...(['client', 'upstream', 'gateway'] as const).flatMap(fault => [`## Fault: ${fault}`, faults[fault], tableOf(Object.values(reasons).filter(reason => reason.fault === fault))])
  ]
  return `${parts.join('\n\n')}\n`
}

function tableOf (rows: readonly Reason[]): string {
  return [
    '| Code | Status | Title | Proxy-Status | When, and what to do |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(({ code, status, title, proxyStatus: token, help }) => `| \`${code}\` | ${status} | ${title} | ${token === undefined ? '' : `\`${token}\``} | ${help.replaceAll('|', '\\|')} |`)
  ].join('\n')
}
