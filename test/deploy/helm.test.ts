/** The Helm chart renders to what the plain manifests say, with its values and with others. */

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import { dump, load, loadAll } from 'js-yaml'
import { startGateway } from '../helpers/gateway.ts'

const chart = new URL('../../deploy/helm/onedoor/', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, chart), 'utf8')

type Values = Record<string, unknown>
interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string, readonly labels: Record<string, string> }
  readonly [key: string]: unknown
}

/** The few words of Helm templates that the chart uses. An unknown one is an error. */
class Rendering {
  readonly #root: Values

  constructor (values: Values) {
    this.#root = { Values: values, Release: { Name: 'door' }, Chart: { AppVersion: (load(read('Chart.yaml')) as Values)['appVersion'] } }
  }

  text (template: string): string {
    const tokens = template.replaceAll(/\s*\{\{-/g, '{{').split(/(\{\{.*?\}\})/)
    const shown: boolean[] = []
    let out = ''
    for (const token of tokens) {
      const action = /^\{\{ (.*?) \}\}$/.exec(token)?.[1]
      if (action?.startsWith('if ')) shown.push(truthy(this.#value(action.slice(3))))
      else if (action === 'end') shown.pop()
      else if (shown.every(Boolean)) out += action === undefined ? token : this.#pipe(action)
    }
    assert.deepEqual(shown, [])
    return out
  }

  #pipe (action: string): string {
    const [first, ...rest] = action.split(' | ')
    const yaml = first!.startsWith('toYaml ')
    const value = this.#value(yaml ? first!.slice('toYaml '.length) : first!)
    let text = yaml ? dump(value).trimEnd() : value
    for (const step of rest) {
      const [name, argument] = step.split(' ')
      if (name === 'nindent') text = `\n${(text as string).replaceAll(/^(?=.)/gm, ' '.repeat(Number(argument)))}`
      else if (name === 'quote') text = JSON.stringify(text)
      else if (name === 'default') text = truthy(text) ? text : this.#value(argument!)
      else assert.fail(`${name} is not known here`)
    }
    assert.ok(typeof text === 'string' || typeof text === 'number', `${action} is no text`)
    return String(text)
  }

  #value (path: string): unknown {
    assert.match(path, /^(?:\.\w+)+$/)
    return path.slice(1).split('.').reduce<unknown>((inner, key) => (inner as Values)[key], this.#root)
  }
}

function truthy (value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value)
}

function render (change: (values: Values) => void = () => {}): Manifest[] {
  const values = load(read('values.yaml')) as Values
  change(values)
  const rendering = new Rendering(values)
  return readdirSync(new URL('templates/', chart)).toSorted()
    .flatMap(name => loadAll(rendering.text(read(`templates/${name}`))) as (Manifest | null)[])
    .filter(manifest => manifest !== null)
}

/** The plain manifests, with the labels and the name that a release has. */
function plain (): Manifest[] {
  const text = readFileSync(new URL('../../deploy/kubernetes/onedoor.yaml', import.meta.url), 'utf8')
  return loadAll(text) as Manifest[]
}

function named (manifests: readonly Manifest[], kind: string): Manifest {
  return manifests.find(manifest => manifest.kind === kind)!
}

suite('the Helm chart', () => {
  test('has all objects of the manifests, with the same container', () => {
    const [ours, theirs] = [render(), plain()]
    assert.deepEqual(ours.map(({ kind }) => kind).toSorted(), theirs.map(({ kind }) => kind).toSorted())
    const container = (manifests: readonly Manifest[]): Values => {
      const { template } = named(manifests, 'Deployment')['spec'] as { template: { spec: { containers: [Values] } } }
      return template.spec.containers[0]
    }
    const { imagePullPolicy: _, ...rendered } = container(ours)
    assert.deepEqual(rendered, container(theirs))
    const scaling = (manifests: readonly Manifest[]): unknown => (named(manifests, 'HorizontalPodAutoscaler')['spec'] as Values)['metrics']
    assert.deepEqual(scaling(ours), scaling(theirs))
  })

  test('every selector finds the pods of its release, and only those', () => {
    const manifests = render()
    const deployment = named(manifests, 'Deployment')['spec'] as {
      selector: { matchLabels: unknown },
      template: { metadata: { labels: unknown } }
    }
    const { labels } = deployment.template.metadata
    assert.deepEqual(labels, { 'app.kubernetes.io/name': 'onedoor', 'app.kubernetes.io/instance': 'door' })
    assert.deepEqual(deployment.selector.matchLabels, labels)
    for (const { kind, ...manifest } of manifests) {
      if (kind === 'Service') assert.deepEqual((manifest['spec'] as Values)['selector'], labels)
    }
    assert.equal(new Set(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size, manifests.length)
  })

  test('its configuration is one that the gateway takes, as is that of the values', async t => {
    const { data } = named(render(), 'ConfigMap') as unknown as { data: Record<string, string> }
    const yaml = data['gateway.yaml']!.replaceAll('0.0.0.0', '127.0.0.1').replace('port: 8080', 'port: 0').replace('port: 9901', 'port: 0')
      .replace('dns: http://users.default.svc.cluster.local:80', 'url: http://127.0.0.1:1')
    const { url } = await startGateway(t, yaml, { env: { ADMIN_TOKEN: 'a-token-with-enough-bytes-in-it-to-be-one' } })
    assert.equal((await fetch(`${url}/healthz`)).status, 200)
    const changed = named(render(values => { values['config'] = 'routes:\n  - path: /x\n    respond: {}\n' }), 'ConfigMap')
    assert.deepEqual(load((changed['data'] as Record<string, string>)['gateway.yaml']!), { routes: [{ path: '/x', respond: {} }] })
  })

  test('values reach their places, and the ServiceMonitor comes when it is asked for', () => {
    const manifests = render(values => {
      values['image'] = { repository: 'registry.example/door', tag: '9', pullPolicy: 'Always' }
      values['podAnnotations'] = { a: 'b' }
      values['nodeSelector'] = { disk: 'ssd' }
      values['tolerations'] = [{ key: 'k', operator: 'Exists' }]
      values['serviceMonitor'] = { enabled: true, interval: '30s', labels: { release: 'prometheus' } }
      values['secret'] = 'mine'
    })
    const { template } = named(manifests, 'Deployment')['spec'] as { template: { metadata: Values, spec: Values } }
    const [container] = template.spec['containers'] as [Values]
    assert.deepEqual([container['image'], container['envFrom']], ['registry.example/door:9', [{ secretRef: { name: 'mine' } }]])
    assert.deepEqual(template.metadata['annotations'], { a: 'b' })
    assert.deepEqual([template.spec['nodeSelector'], template.spec['tolerations']], [{ disk: 'ssd' }, [{ key: 'k', operator: 'Exists' }]])
    const monitor = named(manifests, 'ServiceMonitor')
    assert.equal(monitor.metadata.labels['release'], 'prometheus')
    const { selector, endpoints } = monitor['spec'] as {
      selector: { matchLabels: Record<string, string> },
      endpoints: [{ interval: string, authorization: { credentials: { name: string } } }]
    }
    assert.deepEqual([endpoints[0].interval, endpoints[0].authorization.credentials.name], ['30s', 'mine'])
    const admin = manifests.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'door-admin')!
    for (const [label, value] of Object.entries(selector.matchLabels)) assert.equal(admin.metadata.labels[label], value)
  })
})
