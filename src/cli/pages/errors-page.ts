/** Generates the reference page of the errors from the table of reasons. */

import { problemDocument, problemType, proxyStatus, reasons, type Fault, type Reason } from '../../contract/errors.ts'
import { grpcStatusOf } from '../../contract/grpc-errors.ts'
import { grpcStatusName } from '../../http/grpc/status.ts'
import { item, wrap } from './markdown.ts'

const faults: Readonly<Record<Fault, string>> = {
  client: 'The request is at fault. The client must change it, or wait.',
  upstream: 'The service behind the gateway is at fault, or the connection to it.',
  gateway: 'The gateway is at fault, or has no room.',
  plugin: 'A plugin that is not built in is at fault: a file of yours, or a package.'
}

const members: Readonly<Record<string, string>> = {
  '`type`': '`urn:onedoor:error:` and the code.',
  '`title`': 'What happened, in constant words.',
  '`status`': 'The status of the response.',
  '`code`': 'The stable code. Programs should compare this member.',
  '`detail`': 'A sentence about this request, where there is more to say.',
  '`requestId`': 'The id of the request, the same as in `x-request-id` and in the log.',
  others: 'Policies add members of their own, such as `violated-policies` of a rate limit.'
}

/** Returns the page as Markdown. */
export function errorsPage (): string {
  const example = reasons['response-timeout']
  const body = JSON.stringify(JSON.parse(problemDocument(example, '4bf92f3577b34da6a3ce929d0e0e4736')), null, 2)
  const parts = [
    '# Errors',
    wrap(`Every error response of the gateway itself has a stable code and says who is at fault: the client,
      the upstream, the gateway or a plugin. The code is the same in the body, in
      the log line (\`code\`), in the span and in the label of the metric. A code is never renamed and never used for something else.`),
    wrap('This page is generated from the table in `src/contract/errors.ts` (`npm run generate`).'),
    '## What an error looks like',
    wrap('The body is a problem document (RFC 9457). The field Proxy-Status (RFC 9209) says the same for proxies in between:'),
    [
      '```http',
      `HTTP/1.1 ${example.status} Gateway Timeout`,
      `content-type: ${problemType}`,
      'cache-control: no-store',
      'x-request-id: 4bf92f3577b34da6a3ce929d0e0e4736',
      `proxy-status: ${proxyStatus('onedoor', example)}`,
      '',
      body,
      '```'
    ].join('\n'),
    Object.entries(members).map(([name, text]) => item(`${name}: ${text}`)).join('\n'),
    wrap(`Addresses, secrets and causes are never sent; the log has them. A response of an upstream is passed
      on as it is, whatever its status, and is no error of the gateway.
      Your own pages can replace these documents: [error pages](../how-to/own-error-pages.md).`),
    wrap(`A gRPC client gets the HTTP status 200 and the gRPC status of the error instead, without a body:
      \`grpc-status\`, \`grpc-message\`, and \`grpc-retry-pushback-ms\` where the error has Retry-After. The code is in
      Proxy-Status, as \`details\`. See [serve gRPC](../how-to/serve-grpc.md).`),
    ...(['client', 'upstream', 'gateway', 'plugin'] as const).flatMap(fault => [
      `## Fault: ${fault}`,
      wrap(faults[fault]),
      Object.values(reasons).filter(reason => reason.fault === fault).map(entryOf).join('\n')
    ])
  ]
  return `${parts.join('\n\n')}\n`
}

function entryOf (reason: Reason): string {
  const { code, status, title, proxyStatus: token, help } = reason
  const grpc = grpcStatusName(grpcStatusOf(reason))!
  return item(`**\`${code}\`** (${status}, gRPC ${grpc}, “${title}”${token === undefined ? '' : `, Proxy-Status \`${token}\``}): ${help}`)
}
