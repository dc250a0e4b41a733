/** The Kubernetes manifests and the systemd unit agree with the configuration that they start. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test, type TestContext } from 'node:test'
import { load, loadAll } from 'js-yaml'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'

const read = (path: string): string => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8')

interface Probe {
  readonly httpGet: { readonly path: string, readonly port: string },
  readonly periodSeconds: number,
  readonly failureThreshold: number
}
interface Container {
  readonly image: string
  readonly args: readonly string[]
  readonly ports: readonly { readonly name: string, readonly containerPort: number }[]
  readonly env: readonly [{ readonly name: string, readonly value: string }]
  readonly envFrom: readonly [{ readonly secretRef: { readonly name: string } }]
  readonly startupProbe: Probe
  readonly livenessProbe: Probe
  readonly readinessProbe: Probe
  readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: readonly string[] } } }
  readonly resources: { readonly requests: Record<string, string>, readonly limits: Record<string, string> }
  readonly securityContext: Record<string, unknown>
  readonly volumeMounts: readonly { readonly name: string, readonly mountPath: string }[]
}
interface Pod {
  readonly terminationGracePeriodSeconds: number
  readonly securityContext: Record<string, unknown>
  readonly containers: readonly [Container]
  readonly volumes: readonly { readonly name: string, readonly configMap: { readonly name: string } }[]
}
interface Manifest {
  readonly kind: string,
  readonly metadata: { readonly name: string, readonly labels: Record<string, string> },
  readonly data: Record<string, string>,
  readonly spec: Record<string, unknown>
}

const manifests = loadAll(read('kubernetes/onedoor.yaml')) as Manifest[]
const manifest = (kind: string): Manifest => manifests.find(one => one.kind === kind)!
const template = manifest('Deployment').spec['template'] as {
  metadata: { labels: Record<string, string> },
  spec: Pod
}
const pod = template.spec
const [container] = pod.containers
const yaml = manifest('ConfigMap').data['gateway.yaml']!
const seconds = (pattern: RegExp, text = yaml): number => Number(pattern.exec(text)![1])

const token = 'a-token-with-enough-bytes-in-it-to-be-one'

/** The gateway of the manifest, on free ports and without its cluster. */
async function startManifest (t: TestContext): Promise<TestGateway> {
  const here = yaml
    .replaceAll(/host: 0\.0\.0\.0/g, 'host: 127.0.0.1')
    .replace('port: 8080', 'port: 0')
    .replace('port: 9901', 'port: 0')
    .replace('dns: http://users.default.svc.cluster.local:80', 'url: http://127.0.0.1:1')
  return await startGateway(t, here, { env: { ADMIN_TOKEN: token } })
}

suite('the Kubernetes manifests', () => {
  test('the ports are those of the configuration, and everybody names them', async t => {
    const { gateway } = await startManifest(t)
    assert.ok(gateway.generation > 0)
    assert.deepEqual(
      container.ports.map(({ containerPort }) => containerPort),
      [...yaml.matchAll(/^ +port: (\d+)$/gm)].map(([, port]) => Number(port))
    )
    const service = manifest('Service').spec as unknown as { ports: readonly { targetPort: string }[] }
    assert.equal(service.ports[0]!.targetPort, container.ports[0]!.name)
  })

  test('probes ask paths of the admin port that respond without its token', async t => {
    const { admin } = await startManifest(t)
    for (const { httpGet: { path, port } } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      assert.equal(port, 'admin')
      assert.equal((await fetch(admin + path)).status, 200)
    }
    for (const path of ['/config', '/upstreams', '/routes', '/readyz?verbose']) assert.equal((await fetch(admin + path)).status, 401)
  })

  test('the ServiceMonitor and the plain Prometheus show the token, without which there are no metrics', async t => {
    const { admin } = await startManifest(t)
    const monitor = load(read('kubernetes/servicemonitor.yaml')) as {
      spec: {
        jobLabel: string,
        selector: { matchLabels: Record<string, string> },
        endpoints: [{ port: string, path: string, authorization: { type: string, credentials: { name: string, key: string } } }]
      }
    }
    const [{ port, path, authorization }] = monitor.spec.endpoints
    const service = manifests.find(({ metadata }) => metadata.name === 'onedoor-admin')!
    for (const [label, value] of Object.entries(monitor.spec.selector.matchLabels)) assert.equal(service.metadata.labels[label], value)
    // Dashboard and alerts look for this job.
    assert.equal(service.metadata.labels[monitor.spec.jobLabel], 'onedoor')
    assert.deepEqual((service.spec['ports'] as { name: string, targetPort: string }[]).map(({ name, targetPort }) => [name, targetPort]), [
      [port, container.ports[1]!.name]
    ])
    assert.equal(authorization.credentials.name, container.envFrom[0].secretRef.name)
    assert.ok(yaml.includes(`token: \${${authorization.credentials.key}:?`))
    assert.equal((await fetch(admin + path)).status, 401)
    assert.equal((await fetch(admin + path, { headers: { authorization: `${authorization.type} ${token}` } })).status, 200)
    const plain = load(read('prometheus/kubernetes.yml')) as { scrape_configs: [{
      job_name: string,
      authorization: { credentials_file: string }
    }] }
    assert.equal(plain.scrape_configs[0].job_name, 'onedoor')
    assert.ok(plain.scrape_configs[0].authorization.credentials_file.endsWith(`/${authorization.credentials.key}`))
  })

  test('a pod has memory for its heap and for all bodies together, and one slow response does not take it out', () => {
    const mebibytes = (text: string): number => Number(/^(\d+)Mi$/.exec(text)![1])
    const heap = seconds(/--max-old-space-size=(\d+)/, container.env[0].value)
    const buffers = seconds(/buffers: (\d+)mib/)
    const { requests, limits } = container.resources
    assert.ok(heap + buffers < mebibytes(limits['memory']!))
    assert.ok(mebibytes(requests['memory']!) > 189)
    assert.ok(container.readinessProbe.failureThreshold > 1)
  })

  test('a pod has the time to leave: its unreadiness is seen within the delay, and it is killed after delay and timeout only', () => {
    const { periodSeconds, failureThreshold } = container.readinessProbe
    const delay = seconds(/delay: (\d+)s/)
    assert.ok(periodSeconds * failureThreshold < delay)
    const preStop = Number(container.lifecycle.preStop.exec.command[1])
    assert.ok(pod.terminationGracePeriodSeconds > preStop + delay + seconds(/timeout: (\d+)s/))
  })

  test('the container has no rights that it does not need, and reads its file from the mounted folder', () => {
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] }
    })
    assert.equal(pod.securityContext['runAsNonRoot'], true)
    assert.ok(container.args[1]!.startsWith(`${container.volumeMounts[0]!.mountPath}/`))
    assert.equal(pod.volumes[0]!.configMap.name, manifest('ConfigMap').metadata.name)
    assert.deepEqual(Object.keys(container.resources.requests), ['cpu', 'memory'])
    assert.match(container.image, /:\d/)
  })

  test('service, budget and autoscaler mean these pods, and one of them may always go', () => {
    const labels = template.metadata.labels
    const selectors = [
      manifest('Service').spec['selector'],
      (manifest('PodDisruptionBudget').spec['selector'] as { matchLabels: unknown }).matchLabels,
      (manifest('Deployment').spec['selector'] as { matchLabels: unknown }).matchLabels
    ]
    for (const selector of selectors) assert.deepEqual(selector, labels)
    const { scaleTargetRef, minReplicas } = manifest('HorizontalPodAutoscaler').spec as unknown as {
      scaleTargetRef: { name: string },
      minReplicas: number
    }
    assert.equal(scaleTargetRef.name, manifest('Deployment').metadata.name)
    const { metrics } = manifest('HorizontalPodAutoscaler').spec as unknown as {
      metrics: [{ resource: { target: { type: string, averageValue: string } } }]
    }
    // Of one core: a share of the request would mean another load with every other request.
    assert.deepEqual(metrics[0].resource.target, { type: 'AverageValue', averageValue: '700m' })
    assert.ok(minReplicas > (manifest('PodDisruptionBudget').spec['maxUnavailable'] as number))
  })
})

test('the systemd unit checks the file before it starts, reloads by HUP, gives it the time to stop and no rights but to a low port', () => {
  const unit = new Map(read('systemd/onedoor.service').split('\n').filter(line => /^\w+=/.test(line)).map(line => [
    line.slice(0, line.indexOf('=')),
    line.slice(line.indexOf('=') + 1)
  ]))
  assert.match(unit.get('ExecStartPre')!, /onedoor\.mjs check \/etc\/onedoor\/gateway\.yaml$/)
  assert.equal(unit.get('ExecStart'), unit.get('ExecStartPre')!.replace(' check ', ' start '))
  assert.match(unit.get('ExecReload')!, /kill -HUP \$MAINPID/)
  assert.deepEqual(
    ['DynamicUser', 'ProtectSystem', 'AmbientCapabilities', 'CapabilityBoundingSet', 'NoNewPrivileges'].map(key => unit.get(key)),
    ['yes', 'strict', 'CAP_NET_BIND_SERVICE', 'CAP_NET_BIND_SERVICE', 'yes']
  )
  const shutdown = readFileSync(new URL('../../gateway.yaml', import.meta.url), 'utf8')
  assert.ok(seconds(/^(\d+)s$/, unit.get('TimeoutStopSec')) > seconds(/delay: (\d+)s/, shutdown) + seconds(/timeout: (\d+)s/, shutdown))
})
