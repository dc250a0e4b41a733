/** The table of commands. */

import { configOption } from './arguments.ts'
import type { Command } from './command.ts'

const json = { description: 'Machine-readable output.' }
const admin = {
  url: { value: 'URL', description: 'Admin listener of the gateway; the configured one unless given.' },
  token: { value: 'TOKEN', description: 'Admin token; the configured one unless given.' }
}

export const commands: readonly Command[] = [
  {
    name: 'start',
    summary: 'start the gateway (what happens without a command)',
    positionals: '[FILE]',
    most: 1,
    details: 'The file is watched: what is saved is live within a second, and a broken file is refused while the old configuration serves on.\nSIGTERM and SIGINT drain and end with status 0, a second one ends at once; SIGHUP loads the file again.',
    options: { ...configOption },
    examples: ['onedoor', 'onedoor start other.yaml', 'npm start -- other.yaml'],
    load: async () => (await import('./start.ts')).start
  },
  {
    name: 'check',
    summary: 'check a configuration without starting it',
    positionals: '[FILE]',
    most: 1,
    details: 'Loads the file and its plugins and builds everything but the listeners. Nothing is sent and nothing listens.',
    options: { ...configOption, strict: { description: 'Warnings count as errors.' }, json },
    examples: ['onedoor check', 'onedoor check staging.yaml --strict', 'onedoor check --json | jq .problems'],
    load: async () => (await import('./check.ts')).check
  },
  {
    name: 'routes',
    summary: 'list the routes: what they ask for, their policies, who answers',
    positionals: '[FILE]',
    most: 1,
    options: { ...configOption, json },
    examples: ['onedoor routes', 'onedoor routes --json'],
    load: async () => (await import('./routes.ts')).routes
  },
  {
    name: 'explain',
    summary: 'what would become of a request, and why; nothing is sent',
    positionals: 'METHOD URL',
    most: 2,
    details: 'Runs the request through the real pipeline, policies included, with the last step left out. METHOD may be left out for GET.',
    options: {
      ...configOption,
      header: { short: 'H', value: "'NAME: VALUE'", multiple: true, description: 'A header of the request.' },
      ip: { value: 'ADDRESS', description: 'Address of the client; 127.0.0.1 unless given.' },
      live: { description: 'Ask the running gateway, which knows its limits, breakers and health.' },
      ...admin,
      json
    },
    examples: ['onedoor explain GET /users/1', "onedoor explain POST https://api.example.com/orders -H 'authorization: Bearer …'", 'onedoor explain GET /users --live'],
    load: async () => (await import('./explain.ts')).explain
  },
  {
    name: 'config',
    summary: 'show the configuration as it is understood: defaults filled in, secrets hidden',
    positionals: '[FILE]',
    most: 1,
    options: { ...configOption, json },
    examples: ['onedoor config', 'onedoor config --json | jq .upstreams'],
    load: async () => (await import('./config.ts')).showConfig
  },
  {
    name: 'token',
    summary: 'sign a token that a jwt-auth policy accepts, for development and tests',
    positionals: '[POLICY]',
    most: 1,
    details: 'The policy may be left out where there is only one. Only the token is written to standard output.',
    options: {
      ...configOption,
      sub: { value: 'NAME', description: 'Claim `sub`; `developer` unless given.' },
      scope: { value: "'A B'", description: 'Claim `scope`; what the policy asks for unless given.' },
      expires: { value: 'DURATION', description: 'How long it is valid; 1h unless given.' },
      claim: { value: 'NAME=VALUE', multiple: true, description: 'A further claim; the value is read as JSON where it is JSON.' },
      'private-key': { value: 'FILE', description: 'Private key (PEM), for a policy that has only the public one.' }
    },
    examples: ['curl -H "Authorization: Bearer $(onedoor token)" localhost:8080/users', "onedoor token login --sub alice --scope 'orders:read' --expires 5m --claim admin=true"],
    load: async () => (await import('./token.ts')).token
  },
  {
    name: 'hash',
    summary: 'hash a key or a password for api-key and basic-auth policies',
    positionals: '',
    most: 0,
    details: 'Reads the secret from standard input, so that it gets into no history and no list of processes. With --generate it makes one of 32 random bytes and writes\ntwo lines: the secret, and its hash for the configuration.',
    options: {
      generate: { description: 'Make a new secret instead of reading one.' },
      password: { description: 'Hash slowly (scrypt), as what people can remember must be; for basic-auth.' }
    },
    examples: ['onedoor hash --generate', 'onedoor hash < key.txt', 'onedoor hash --password < password.txt'],
    load: async () => (await import('./hash.ts')).hash
  },
  {
    name: 'health',
    summary: 'ask the running gateway whether it is ready, for container health checks',
    positionals: '[FILE]',
    most: 1,
    options: { ...configOption, url: { value: 'URL', description: 'What to ask; /readyz of the configured admin listener unless given.' } },
    examples: ['onedoor health', 'onedoor health --url http://127.0.0.1:9901/readyz'],
    load: async () => (await import('./health.ts')).health
  },
  {
    name: 'reload',
    summary: 'make the running gateway load its file again',
    positionals: '[FILE]',
    most: 1,
    options: { ...configOption, ...admin, json },
    examples: ['onedoor reload'],
    load: async () => (await import('./reload.ts')).reload
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of gateway.yaml for editors',
    positionals: '',
    most: 0,
    details: 'With -c the options of your own plugins in that file are in it too.',
    options: { config: { ...configOption['config']!, description: 'Configuration whose own plugins are to be described too.' } },
    examples: ['onedoor schema > gateway.schema.json', 'onedoor schema -c gateway.yaml > gateway.schema.json'],
    load: async () => (await import('./schema.ts')).schema
  },
  {
    name: 'init',
    summary: 'write a first gateway.yaml, or with `plugin NAME` a first plugin',
    positionals: '[plugin NAME]',
    most: 2,
    options: { force: { description: 'Replace a file that is there.' } },
    examples: ['onedoor init', 'onedoor init plugin stamp'],
    load: async () => (await import('./init.ts')).init
  }
]
