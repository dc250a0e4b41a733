import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml'
import { users } from '../../mocks/users.ts'
import { startGateway } from '../helpers/gateway.ts'
import { started } from '../mocks/started.ts'
import { startCollector } from '../tracing/collector.ts'

interface Service {
  readonly image: string
  readonly init: boolean
  readonly healthcheck: { readonly test: readonly string[] }
  readonly volumes?: readonly string[]
  readonly profiles?: readonly string[]
  readonly ports?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const compose = load(read('docker-compose.yml'), { schema: CORE_SCHEMA.withTags(mergeTag) }) as { services: Record<string, Service> }
const services = Object.entries(compose.services)
const { gateway, redis, jaeger, prometheus, grafana, ...standIns } = compose.services
const own = ['gateway', ...Object.keys(standIns)]

suite('the compose file', () => {
  test('has the gateway, two user services, an order service, a Redis and what shows metrics and traces', () => {
    assert.deepEqual(
      services.map(([name]) => name).sort(),
      ['gateway', 'grafana', 'jaeger', 'orders', 'prometheus', 'redis', 'users-1', 'users-2']
    )
  })

  test('has nothing that Compose 2 cannot put into a container with a read-only file system', () => {
    for (const key of ['configs', 'secrets']) {
      assert.ok(!(key in compose))
      for (const [, service] of services) assert.ok(!(key in service))
    }
  })

  test('the entry point of Prometheus writes the token, and starts it with the arguments of the command', () => {
    const [shell, flag, script, name] = prometheus!.entrypoint!
    const folder = mkdtempSync(join(tmpdir(), 'compose-'))
    const here = script!.replaceAll('$$', '$').replaceAll('/tmp/', `${folder}/`).replace('exec /bin/prometheus', 'exec printf "%s\\n"')
    const { stdout } = spawnSync(shell!, [flag!, here, name!, ...prometheus!.command!], {
      env: { ...process.env, ADMIN_TOKEN: 'a $token' },
      encoding: 'utf8'
    })
    assert.deepEqual(stdout.trimEnd().split('\n'), prometheus!.command)
    assert.equal(readFileSync(join(folder, 'admin-token'), 'utf8'), 'a $token')
    rmSync(folder, { recursive: true })
  })

  test('has no version key, which compose calls obsolete', () => {
    assert.ok(!('version' in compose))
  })

  for (const [name, service] of services) {
    test(`${name} has an exec-form health check, a pinned image and an init`, () => {
      assert.equal(service.healthcheck.test[0], 'CMD')
      assert.match(service.image, /^[\w/.-]+:v?\d[\w.-]*$/)
      assert.equal(service.init, true)
    })
  }

  for (const [name, { volumes = [] }] of services.filter(([name]) => !['redis', 'jaeger'].includes(name))) {
    test(`${name} mounts only what exists, read-only`, () => {
      assert.ok(volumes.length > 0)
      for (const volume of volumes) {
        const [source = '', target, mode] = volume.split(':')
        assert.ok(existsSync(new URL(source, root)), `${source} does not exist`)
        assert.match(target ?? '', own.includes(name) ? /^\/app\// : /^\/etc\//)
        assert.equal(mode, 'ro')
      }
    })
  }

  test('the gateway starts after every service it points at is healthy, and at the port where that service listens', () => {
    const origins = Object.entries(gateway?.environment ?? {}).filter(([name]) => name.endsWith('_URL')).map(([, value]) => new URL(value))
    assert.deepEqual(origins.map(({ hostname }) => hostname).sort(), Object.keys(standIns).sort())
    for (const { hostname, port } of origins) {
      assert.equal(standIns[hostname]?.environment.PORT, port)
      assert.equal(gateway?.depends_on?.[hostname]?.condition, 'service_healthy')
    }
  })

  test('gateway.yaml reads every variable that the gateway is given', () => {
    const configuration = read('gateway.yaml')
    const own = Object.keys(gateway?.environment ?? {}).filter(name => !name.startsWith('OTEL_'))
    assert.ok(own.length > 0)
    for (const name of own) assert.match(configuration, new RegExp(`\\$\\{(env:)?${name}[:}]`))
  })

  test('the admin port is published to this machine only', () => {
    assert.deepEqual(gateway?.ports, ['8080:8080', '127.0.0.1:9901:9901'])
  })

  test('Redis starts only where it is asked for, keeps nothing on disk, and is published to this machine only', () => {
    assert.deepEqual(redis?.profiles, ['redis'])
    assert.equal(redis.volumes, undefined)
    assert.deepEqual(redis.ports, ['127.0.0.1:6379:6379'])
  })

  test('S1-65 Jaeger with OTLP and its pages, Prometheus and Grafana start where they are asked for, for this machine only', () => {
    const published = { jaeger: ['16686', '4317', '4318'], prometheus: ['9090'], grafana: ['3000'] }
    for (const [name, ports] of Object.entries(published)) {
      const service = compose.services[name]!
      assert.deepEqual(service.profiles, ['observability'])
      assert.deepEqual(service.ports, ports.map(port => `127.0.0.1:${port}:${port}`))
    }
    assert.match(jaeger!.image, /:2\./)
    assert.deepEqual(Object.keys(grafana!.depends_on!).sort(), ['jaeger', 'prometheus'])
  })

  test('S1-83 the gateway and every service behind it are told of the collector, where Jaeger takes OTLP by HTTP', () => {
    for (const name of own) {
      const [, told = ''] = /^\$\{OTEL_EXPORTER_OTLP_ENDPOINT-(.*)\}$/.exec(
        compose.services[name]!.environment['OTEL_EXPORTER_OTLP_ENDPOINT']!
      ) ?? []
      const { protocol, hostname, port } = new URL(told)
      assert.equal(protocol, 'http:')
      assert.ok(hostname in compose.services, `${name} is told of ${told}`)
      assert.ok(compose.services[hostname]!.ports!.some(published => published.endsWith(`:${port}:${port}`)))
      assert.equal(port, '4318')
    }
  })

  test('S1-82 with what the containers are told each request has its trace, the span of the service in it', async t => {
    const collector = await startCollector(t)
    const service = await started(t, users, { traces: `http://${collector.address}` })
    const env = Object.fromEntries(Object.entries(gateway!.environment).map(([name, value]) => [
      name,
      name.endsWith('_URL') ? service.url : value
    ]))
    const { url } = await startGateway(t, read('gateway.yaml'), {
      env: {
        ...env,
        PORT: '0',
        ADMIN_PORT: '0',
        ADMIN_HOST: '127.0.0.1',
        ADMIN_TOKEN: '',
        JWT_SECRET: '',
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.address}`
      }
    })
    for (const n of [1, 2, 3]) assert.equal((await fetch(`${url}/users/${n}`)).status, 200)
    const served = (await collector.received(9)).filter(({
      resource,
      attributes
    }) => resource['service.name'] === 'users' && attributes['url.path'] !== '/health')
    assert.deepEqual(served.map(({ attributes }) => String(attributes['url.path'])).sort(), [1, 2, 3].map(n => `/users/${n}`))
    for (const { traceId } of served) assert.equal(collector.spans.filter(span => span.traceId === traceId).length, 3)
  })

  test('Prometheus scrapes the gateway under its name and admin port, with the token that the gateway asks for', () => {
    const { scrape_configs: [job] } = load(read('deploy/prometheus/prometheus.yml')) as { scrape_configs: readonly {
      authorization: { credentials_file: string },
      static_configs: readonly { targets: readonly string[] }[]
    }[] }
    assert.deepEqual(job!.static_configs[0]!.targets, ['gateway:9901'])
    // The entry point writes it there.
    assert.ok(prometheus!.entrypoint![2]!.includes(`printf %s "$$ADMIN_TOKEN" > ${job!.authorization.credentials_file} `))
    assert.equal(prometheus!.environment['ADMIN_TOKEN'], gateway!.environment['ADMIN_TOKEN'])
    assert.ok(prometheus!.command!.includes('--enable-feature=exemplar-storage'))
  })

  test('Grafana finds its data sources by the names of their containers, and the dashboard where it is mounted', () => {
    const { datasources } = load(read('deploy/grafana/provisioning/datasources/onedoor.yml')) as { datasources: readonly {
      uid: string,
      url: string
    }[] }
    assert.deepEqual(datasources.map(({ url }) => new URL(url).hostname), ['prometheus', 'jaeger'])
    const { providers } = load(read('deploy/grafana/provisioning/dashboards/onedoor.yml')) as {
      providers: readonly { options: { path: string } }[]
    }
    assert.ok(grafana!.volumes!.includes(`./deploy/grafana/dashboards:${providers[0]!.options.path}:ro`))
  })

  for (const [name, { command, environment, healthcheck }] of Object.entries(standIns)) {
    test(`${name} runs an existing file under its own name, for other containers to reach`, () => {
      const [program, file = ''] = command ?? []
      assert.equal(program, 'node')
      assert.ok(existsSync(new URL(file, root)))
      assert.deepEqual([environment.NAME, environment.HOST], [name, '0.0.0.0'])
      assert.ok(healthcheck.test.at(-1)?.includes(`:${environment.PORT}/health`))
    })
  }

  test('the health check of a stand-in service sees that it is well, ill and gone', async t => {
    const service = await users()
    t.after(() => service.close())
    const [, program, ...args] = standIns['users-1']?.healthcheck.test ?? []
    assert.equal(program, 'node')
    const check = async (): Promise<unknown> => {
      const script = args.map(arg => arg.replace('http://127.0.0.1:9001', service.url))
      const [code] = await once(spawn(process.execPath, script), 'exit') as [number]
      return code
    }
    assert.equal(await check(), 0)
    await fetch(`${service.url}/_mock/health`, { method: 'POST', body: '{"status":503}' })
    assert.equal(await check(), 1)
    await service.close()
    assert.equal(await check(), 1)
  })
})
