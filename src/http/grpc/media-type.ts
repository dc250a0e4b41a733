/** The media types of gRPC and gRPC-Web. */

/** How a client speaks gRPC: over HTTP/2, or as a web page does, whose trailers are part of the body, in binary or as base64. */
export type GrpcForm = 'grpc' | 'web' | 'web-text'

const prefix = 'application/grpc'

/** Matches all of them, for routes. */
export const grpcMediaTypes = 'application/grpc(?:-web(?:-text)?)?(?:[+;].*)?'

/** Returns the form of a Content-Type; undefined for one that is not of gRPC. */
export function grpcForm (contentType: string | undefined): GrpcForm | undefined {
  if (contentType === undefined || !contentType.startsWith(prefix)) return undefined
  const suffix = contentType.slice(prefix.length)
  if (isEnd(suffix)) return 'grpc'
  if (suffix.startsWith('-web-text') && isEnd(suffix.slice('-web-text'.length))) return 'web-text'
  return suffix.startsWith('-web') && isEnd(suffix.slice('-web'.length)) ? 'web' : undefined
}

/** Returns the media type in another form, with the same message format: `application/grpc-web+proto` becomes `application/grpc+proto`. */
export function withGrpcForm (contentType: string, form: GrpcForm): string {
  const format = /^application\/grpc(?:-web(?:-text)?)?(\+[\w.-]+)?/.exec(contentType)?.[1] ?? ''
  return `${prefix}${form === 'grpc' ? '' : `-${form}`}${format}`
}

/** Whether the media type ends here: what follows is a message format or a parameter. */
function isEnd (rest: string): boolean {
  return rest === '' || rest[0] === '+' || rest[0] === ';' || rest[0] === ' '
}
