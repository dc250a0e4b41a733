/** Reads OTLP as a collector does: from protobuf (opentelemetry/proto/trace/v1/trace.proto) or JSON. */

export interface Attributes {
  readonly [key: string]: string | number | undefined
}

/** A span as it was received. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly traceState: string
  readonly name: string
  readonly kind: number
  readonly start: bigint
  readonly end: bigint
  readonly attributes: Attributes
  readonly events: readonly { readonly name: string, readonly attributes: Attributes }[]
  readonly status: { readonly code: number, readonly message: string }
  readonly resource: Attributes
}

type Field = bigint | Buffer
type Message = Map<number, Field[]>

/** The fields of a message by number: wire types 0, 1, 2 and 5. */
function fields (bytes: Buffer): Message {
  const message: Message = new Map()
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const tag = Number(varint())
    let value: Field
    if ((tag & 7) === 0) value = varint()
    else if ((tag & 7) === 1) value = bytes.readBigUInt64LE((at += 8) - 8)
    else if ((tag & 7) === 5) value = BigInt(bytes.readUInt32LE((at += 4) - 4))
    else {
      const length = Number(varint())
      value = bytes.subarray(at, at += length)
    }
    message.set(tag >> 3, [...message.get(tag >> 3) ?? [], value])
  }
  return message
}

const messages = (from: Message, number: number): Message[] => (from.get(number) ?? []).map(value => fields(value as Buffer))
const bytes = (from: Message, number: number): Buffer => (from.get(number)?.[0] ?? Buffer.alloc(0)) as Buffer
const int = (from: Message, number: number): bigint => (from.get(number)?.[0] ?? 0n) as bigint

function attributesOf (from: Message, number: number): Attributes {
  return Object.fromEntries(messages(from, number).map(pair => {
    const value = fields(bytes(pair, 2))
    return [bytes(pair, 1).toString(), value.has(1) ? bytes(value, 1).toString() : Number(int(value, 3))]
  }))
}

/** All spans of an ExportTraceServiceRequest. */
export function readProtobuf (body: Buffer): ReceivedSpan[] {
  return messages(fields(body), 1).flatMap(group => messages(group, 2).flatMap(scope => messages(scope, 2).map(span => {
    const status = fields(bytes(span, 15))
    return {
        traceId: bytes(span, 1).toString('hex'),
        spanId: bytes(span, 2).toString('hex'),
        parentSpanId: bytes(span, 4).toString('hex'),
        traceState: bytes(span, 3).toString(),
        name: bytes(span, 5).toString(),
        kind: Number(int(span, 6)),
        start: int(span, 7),
        end: int(span, 8),
        attributes: attributesOf(span, 9),
      events: messages(span, 11).map(event => ({ name: bytes(event, 2).toString(), attributes: attributesOf(event, 3) })),
      status: { code: Number(int(status, 3)), message: bytes(status, 2).toString() },
      resource: attributesOf(fields(bytes(group, 1)), 1)
    }
  })))
}

interface JsonPair { readonly key: string, readonly value: { readonly stringValue?: string, readonly intValue?: number | string } }
interface JsonSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly traceState?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: JsonPair[]
  readonly events?: { readonly name: string, readonly attributes: JsonPair[] }[]
  readonly status?: { readonly code?: number, readonly message?: string }
}

/** The same from OTLP/JSON. */
export function readJson (body: Buffer): ReceivedSpan[] {
  const { resourceSpans } = JSON.parse(body.toString()) as { resourceSpans: {
    resource: { attributes: JsonPair[] },
    scopeSpans: { spans: JsonSpan[] }[]
  }[] }
  const pairs = (list: readonly JsonPair[] = []): Attributes => Object.fromEntries(list.map(({ key, value }) => [
    key,
    value.stringValue ?? Number(value.intValue)
  ]))
  return resourceSpans.flatMap(({ resource, scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(span => ({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    traceState: span.traceState ?? '',
    name: span.name,
    kind: span.kind,
    start: BigInt(span.startTimeUnixNano), end: BigInt(span.endTimeUnixNano), attributes: pairs(span.attributes),
    events: (span.events ?? []).map(({ name, attributes }) => ({ name, attributes: pairs(attributes) })),
    status: { code: span.status?.code ?? 0, message: span.status?.message ?? '' },
    resource: pairs(resource.attributes)
  }))))
}
