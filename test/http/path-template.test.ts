/** Rewriting of paths. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { parsePattern, type Pattern } from '../../plugins/core/routing/pattern.ts'
import { rawParameters } from '../../plugins/core/routing/raw-parameters.ts'
import { checkPathTemplate, compilePathTemplate, parametersOf, stripPrefix } from '../../src/http/path-template.ts'
import { readRequestTarget } from '../../src/http/request-target.ts'

const compileCaptures = (pattern: string) => (path: string) => rawParameters(parsePattern(pattern) as Pattern, path, {})

test('parameters are cut from the path with their bytes', () => {
  assert.deepEqual(
    { ...compileCaptures('/users/:id/orders/:order')('/users/a%2Fb/orders/%C3%A9;v=1') },
    { id: 'a%2Fb', order: '%C3%A9;v=1' }
  )
  const files = compileCaptures('/files/:user/*')
  assert.deepEqual({ ...files('/files/anna/a//b%20c/') }, { 'user': 'anna', '*': 'a//b%20c/' })
  assert.deepEqual({ ...files('/files/anna') }, { 'user': 'anna', '*': '' })
  assert.deepEqual({ ...files('/files/anna/') }, { 'user': 'anna', '*': '' })
  assert.deepEqual({ ...compileCaptures('/*')('/') }, { '*': '' })
  assert.deepEqual({ ...compileCaptures('/health')('/health') }, {})
})

test('a rewrite keeps the bytes of parameters and the slashes of a wildcard', () => {
  const rewrite = (from: string, to: string, path: string) => compilePathTemplate(to)(compileCaptures(from)(path))
  assert.equal(rewrite('/users/:id', '/v2/${params.id}', '/users/a%2Fb%20c'), '/v2/a%2Fb%20c')
  assert.equal(rewrite('/users/*', '/v2/${params.*}', '/users/a//b%2f/c/'), '/v2/a//b%2f/c/')
  assert.equal(rewrite('/users/*', '/v2/${params.*}', '/users'), '/v2/')
  assert.equal(rewrite('/:a/:b', '/${params.b}-${params.a}', '/x/y'), '/y-x')
  assert.equal(rewrite('/x', '/fest é$$/%20', '/x'), '/fest%20%C3%A9$/%20')
  assert.equal(rewrite('/x/:a', '/fest é/${params.a}', '/x/1'), '/fest%20%C3%A9/1')
})

test('a value can neither leave its segment nor begin a query', () => {
  const rewrite = compilePathTemplate('/v2/${params.id}/x')
  assert.equal(rewrite({ id: 'a/b?c#d' }), '/v2/a%2Fb%3Fc%23d/x')
  assert.equal(rewrite({ id: '100%' }), '/v2/100%25/x')
  assert.equal(rewrite({ id: 'é\n' }), undefined)
  for (const id of ['..', '.', '%2e%2e', '..;a', '../..', '..%2f', '%5c', '%00']) assert.equal(rewrite({ id }), undefined, id)
  assert.equal(rewrite({}), undefined)
  assert.equal(compilePathTemplate('/x/.${params.id}')({ id: '.' }), undefined)
})

test('a rewrite gives a path that may be forwarded, or nothing', () => {
  const rewrite = compilePathTemplate('/v2/${params.id}/${params.*}')
  const value = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom('.', '/', '%', '2e', '%2F', '\\', ';', '?', '#', 'a', '\0')).map(parts => parts.join(''))
  )
  fc.assert(fc.property(value, value, (id, rest) => {
    const path = rewrite({ id, '*': rest })
    if (path === undefined) return
    assert.deepEqual(readRequestTarget('GET', path, Infinity), { path, query: '', authority: undefined })
    assert.equal(path.split('/').length, 4 + rest.split('/').length - 1)
  }))
})

test('a wrong rewrite is refused', () => {
  const cases: ReadonlyArray<readonly [string, RegExp]> = [
    ['v2/x', /begin with "\/"/], ['', /begin/], ['/x?y=1', /no "\?"/], ['/x#y', /no "#"/], ['/../x', /dot-segment/],
    ['/a\\b', /backslash/], ['/100%', /"%25"/], ['/%${params.id}', /"%25"/], ['/${params.x}', /expected params\.id/],
    ['/${claims.sub}', /unknown/]
  ]
  for (const [text, expected] of cases) {
    assert.match(checkPathTemplate(text, ['id']) ?? '', expected, text)
    assert.throws(() => compilePathTemplate(text, ['id']), RangeError)
  }
  assert.equal(checkPathTemplate('/v2/${params.id}', ['id']), undefined)
})

test('a parameter in the notation of a route is no path, and the problem says how it is written', () => {
  const cases: ReadonlyArray<readonly [text: string, meant: string]> = [
    ['/orders/:id', '/orders/${params.id}'], ['/v2/{id}/x', '/v2/${params.id}/x'],
    ['/:id/${params.id}/*', '/${params.id}/${params.id}/${params.*}']
  ]
  for (const [text, meant] of cases) {
    const problem = `a parameter is written \${params.name} in "${text}": did you mean "${meant}"?`
    assert.equal(checkPathTemplate(text, parametersOf('/x/:id/*')), problem)
  }
  // Segments of these names may be meant where the route has no such parameter.
  for (const text of ['/:other/x', '/a:id/*b', '/::id', '/%3Aid/%2A']) assert.equal(checkPathTemplate(text, ['id', '*']), undefined, text)
  for (const text of ['/:id', '/*']) assert.equal(checkPathTemplate(text, []), undefined, text)
})

test('the parameters of a path are known by their names', () => {
  assert.deepEqual(parametersOf('/users/:id(^\\d+$)/:name.json/*'), ['id', 'name', '*'])
  assert.deepEqual(parametersOf('/a::b/c'), [])
})

test('a prefix is stripped at the end of a segment only, and what follows keeps its bytes', () => {
  const cases: ReadonlyArray<readonly [path: string, prefix: string, expected: string]> = [
    ['/api/x', '/api', '/x'], ['/api', '/api', '/'], ['/api/', '/api', '/'], ['/apix', '/api', '/apix'], [
      '/api../admin',
      '/api',
      '/api../admin'
    ], ['/api%2e/admin', '/api', '/api%2e/admin'], ['/api;v=1/x', '/api', '/api;v=1/x'],
    ['/api%2Fx', '/api', '/api%2Fx'], [
      '/api/a%2Fb;c//d',
      '/api',
      '/a%2Fb;c//d'
    ], ['/api//x', '/api', '//x'], ['/x/api/y', '/api', '/x/api/y'], ['/a/b/c', '/a/b', '/c'], ['/a%2Fb/c', '/a/b', '/a%2Fb/c'],
    ['/%61pi/x%20y', '/api', '/x%20y'], ['/%61p%69', '/api', '/'], ['/caf%C3%A9/x', '/café', '/x'], [
      '/caf%c3%a9/x',
      '/caf%C3%A9',
      '/x'
    ], ['/api/x', '/api/', '/x'], ['/x', '/', '/x'], ['/x', '', '/x'], ['/API/x', '/api', '/API/x'], ['*', '/api', '*']
  ]
  for (const [path, prefix, expected] of cases) assert.equal(stripPrefix(path, prefix), expected, `${path} - ${prefix}`)
})
