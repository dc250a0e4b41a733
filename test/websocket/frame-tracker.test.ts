/** The tracker of frames against frames that are made here, cut at every place. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { closeFrame } from '../../src/transport/tunnel/close-frame.ts'
import { FrameTracker } from '../../src/transport/tunnel/frame-tracker.ts'
import { messageRate } from '../../src/transport/tunnel/message-rate.ts'

interface Frame {
  readonly opcode: number
  readonly final: boolean
  readonly masked: boolean
  readonly payload: Buffer
}

function encode ({ opcode, final, masked, payload }: Frame): Buffer {
  const { length } = payload
  const form = length < 126 ? 0 : length < 65_536 ? 2 : 8
  const header = Buffer.alloc(2 + form)
  header[0] = (final ? 0x80 : 0) | opcode
  header[1] = (masked ? 0x80 : 0) | (form === 0 ? length : form === 2 ? 126 : 127)
  if (form === 2) header.writeUInt16BE(length, 2)
  if (form === 8) header.writeBigUInt64BE(BigInt(length), 2)
  if (!masked) return Buffer.concat([header, payload])
  const key = Buffer.from([0x12, 0x34, 0x56, 0x78])
  return Buffer.concat([header, key, payload.map((byte, index) => byte ^ key[index % 4]!)])
}

const text = (length: number, final = true, opcode = 1): Frame => ({ opcode, final, masked: true, payload: Buffer.alloc(length, 'x') })

/** Gives the bytes in pieces, and keeps what is not passed on, as a direction does. Returns what was passed on. */
function feed (tracker: FrameTracker, bytes: Buffer, cuts: readonly number[]): Buffer {
  const passed: Buffer[] = []
  let held = Buffer.alloc(0)
  const places = [...new Set([...cuts.map(cut => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b)
  let from = 0
  for (const to of places) {
    const given = Buffer.concat([held, bytes.subarray(from, to)])
    const count = tracker.read(given)
    passed.push(given.subarray(0, count))
    held = given.subarray(count)
    from = to
  }
  return Buffer.concat(passed)
}

const anyFrame: fc.Arbitrary<Frame> = fc.record({
  opcode: fc.constantFrom(0, 1, 2, 9, 10),
  final: fc.boolean(),
  masked: fc.boolean(),
  payload: fc.oneof(fc.nat(140), fc.constantFrom(125, 126, 127, 65_535, 65_536)).map(length => Buffer.alloc(length, 7))
})

test('wherever frames are cut, all of their bytes pass, and messages are counted', () => {
  fc.assert(fc.property(fc.array(anyFrame, { maxLength: 6 }), fc.array(fc.nat(200_000), { maxLength: 20 }), (frames, cuts) => {
    const bytes = Buffer.concat(frames.map(encode))
    const tracker = new FrameTracker()
    assert.ok(feed(tracker, bytes, cuts).equals(bytes))
    assert.ok(tracker.atBoundary)
    assert.equal(tracker.messages, frames.filter(({ opcode, final }) => opcode < 8 && final).length)
    assert.equal(tracker.closeCode, undefined)
  }))
})

test('at any byte it knows whether a frame is complete, and never passes on a part of a header', () => {
  const frames = [text(3), text(126), text(0), { ...text(5), opcode: 9 }]
  const bytes = Buffer.concat(frames.map(encode))
  const ends = new Set(frames.map((_frame, index) => Buffer.concat(frames.slice(0, index + 1).map(encode)).length).concat(0))
  const [tracker, heads] = [new FrameTracker(), [6, 8, 6, 6]]
  let [held, passed] = [Buffer.alloc(0), 0]
  const starts = [...ends].sort((a, b) => a - b)
  for (const byte of bytes) {
    held = Buffer.concat([held, Buffer.from([byte])])
    const count = tracker.read(held)
    held = held.subarray(count)
    passed += count
    assert.equal(tracker.atBoundary, ends.has(passed), String(passed))
    assert.ok(!starts.some((start, index) => passed > start && passed < start + (heads[index] ?? 0)), `in a header: ${passed}`)
  }
  assert.equal(passed, bytes.length)
})

test('it reads the code of a close frame, masked or not, cut anywhere', () => {
  for (const masked of [false, true]) {
    const payload = Buffer.from([0x0f, 0xa1, 0x62, 0x79])
    const bytes = encode({ opcode: 8, final: true, masked, payload })
    for (let cut = 0; cut <= bytes.length; cut++) {
      const tracker = new FrameTracker()
      assert.ok(feed(tracker, bytes, [cut]).equals(bytes))
      assert.equal(tracker.closeCode, 4001)
    }
    const tracker = new FrameTracker()
    tracker.read(encode({ opcode: 8, final: true, masked, payload: Buffer.alloc(0) }))
    assert.equal(tracker.closeCode, 1005)
  }
})

test('the close frames of the gateway are read as what they say', () => {
  for (const masked of [false, true]) {
    const tracker = new FrameTracker()
    const frame = closeFrame(1001, 'shutdown', masked)
    assert.equal(tracker.read(frame), frame.length)
    assert.equal(tracker.closeCode, 1001)
    assert.equal(frame.subarray(masked ? 8 : 4).toString(), 'shutdown')
    assert.equal(frame[1]! > 127, masked)
  }
})

test('a message that is too large is stopped before its first byte, and a fragmented one at the frame that is too much', () => {
  const rules = { maxMessage: 10, allows: undefined }
  for (const [frames, passed] of [
    [[text(10), text(11)], 1],
    [[text(6, false), text(4, false, 0), text(0, true, 0), text(10)], 4],
    [[text(6, false), { ...text(100), opcode: 9 }, text(5, true, 0)], 2],
    [[{ ...text(70_000) }], 0]
  ] as const) {
    const bytes = Buffer.concat(frames.map(encode))
    for (const cuts of [[], [1, 2, 3, 9, 17, 18, 19, 30]]) {
      const tracker = new FrameTracker(rules)
      assert.equal(feed(tracker, bytes, cuts).length, Buffer.concat(frames.slice(0, passed).map(encode)).length)
      assert.equal(tracker.problem, passed === frames.length ? undefined : 'message-too-large')
      assert.ok(tracker.atBoundary)
    }
  }
})

test('a length that no number can hold is malformed', () => {
  const tracker = new FrameTracker()
  assert.equal(tracker.read(Buffer.from([0x82, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])), 0)
  assert.equal(tracker.problem, 'malformed-frame')
})

test('it stops after the current frame when it is asked to', () => {
  const bytes = Buffer.concat([text(20), text(30)].map(encode))
  const tracker = new FrameTracker()
  assert.equal(tracker.read(bytes.subarray(0, 10)), 10)
  tracker.stopping = true
  assert.equal(tracker.read(bytes.subarray(10)), 16)
  assert.ok(tracker.atBoundary)
})

test('messages and control frames count for the rate, further frames of a message do not', () => {
  let asked = 0
  const tracker = new FrameTracker({ maxMessage: Infinity, allows: () => ++asked <= 3 })
  const frames = [text(1, false), text(1, false, 0), text(1, true, 0), { ...text(0), opcode: 9 }, text(1), text(1)]
  assert.equal(tracker.read(Buffer.concat(frames.map(encode))), Buffer.concat(frames.slice(0, 5).map(encode)).length)
  assert.equal(tracker.problem, 'too-many-messages')
})

test('the rate lets through as many as fit in a second, and then at an even pace', () => {
  let now = 0
  const allows = messageRate(4, () => now)
  assert.deepEqual([allows(), allows(), allows(), allows(), allows()], [true, true, true, true, false])
  now = 250
  assert.deepEqual([allows(), allows()], [true, false])
  now = 10_000
  assert.deepEqual([allows(), allows(), allows(), allows(), allows()], [true, true, true, true, false])
})
