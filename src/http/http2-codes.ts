/** Error codes of HTTP/2, which say why a stream or a connection ends (RFC 9113 §7). */
export const http2Codes = {
  noError: 0,
  protocolError: 1,
  internalError: 2,
  flowControlError: 3,
  streamClosed: 5,
  refusedStream: 7,
  cancel: 8,
  enhanceYourCalm: 11
} as const
