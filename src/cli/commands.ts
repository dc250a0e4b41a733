/** The table of commands. */

import { adminCommands, adminOptions } from './admin-commands.ts'
import { configOption } from './arguments.ts'
import type { Command } from './command.ts'
import { overrideOptions } from './overrides.ts'

const json = { description: 'Machine-readable output.' }
export const commands: readonly Command[] = [
  {
    name: 'start',
    summary: 'start the gateway (the default command)',
    positionals: '[FILE]',
    most: 1,
    details: 'The file is watched: a change takes effect within a second, and an invalid file is rejected while the old configuration ' +
      'stays in use.\nSIGTERM and SIGINT drain and exit with status 0, a second one exits at once; SIGHUP reloads the file.',
    options: { ...configOption, ...overrideOptions },
    examples: ['onedoor', 'onedoor start other.yaml', 'npm start -- other.yaml', 'onedoor --port 8081 --set server.shutdown.timeout=5s'],
    load: async () => (await import('./start.ts')).start
  },
  {
    name: 'check',
    summary: 'check a configuration without starting it',
    positionals: '[FILE]',
    most: 1,
    details: 'Loads the file and its plugins and builds everything but the listeners. Nothing is sent and nothing listens.',
    options: { ...configOption, ...overrideOptions, strict: { description: 'Warnings count as errors.' }, json },
    examples: ['onedoor check', 'onedoor check staging.yaml --strict', 'onedoor check --json | jq .problems'],
    load: async () => (await import('./check.ts')).check
  },
  {
    name: 'routes',
    summary: 'list the routes: what they match, their policies, and what serves them',
    positionals: '[FILE]',
    most: 1,
    options: { ...configOption, json },
    examples: ['onedoor routes', 'onedoor routes --json'],
    load: async () => (await import('./routes.ts')).routes
  },
  {
    name: 'explain',
    summary: 'show how a request would be handled, and why, without sending it',
    positionals: 'METHOD URL',
    most: 2,
    words: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
    details: 'Runs the request through the real pipeline, including policies, without sending it. METHOD may be omitted for GET.',
    options: {
      ...configOption,
      header: { short: 'H', value: "'NAME: VALUE'", multiple: true, description: 'A header of the request.' },
      ip: { value: 'ADDRESS', description: 'Address of the client; by default 127.0.0.1.' },
      certificate: { value: 'FILE', description: 'Certificate of the client (PEM). It counts as trusted.' },
      live: { description: 'Ask the running gateway, with its current limits, circuit breakers and health.' },
      ...adminOptions,
      json
    },
    examples: [
      'onedoor explain GET /users/1',
      "onedoor explain POST https://api.example.com/orders -H 'authorization: Bearer …'",
      'onedoor explain GET /users --live'
    ],
    load: async () => (await import('./explain.ts')).explain
  },
  {
    name: 'config',
    summary: 'show the effective configuration, with defaults and without secrets',
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
    details: 'The policy may be omitted where there is only one. Only the token is written to standard output.',
    options: {
      ...configOption,
      sub: { value: 'NAME', description: 'Claim `sub`; by default `developer`.' },
      scope: { value: "'A B'", description: 'Claim `scope`; by default what the policy requires.' },
      expires: { value: 'DURATION', description: 'How long the token is valid; by default 1h.' },
      claim: { value: 'NAME=VALUE', multiple: true, description: 'A further claim. The value may be JSON.' },
      'private-key': { value: 'FILE', description: 'Private key (PEM), for a policy that has only the public key.' }
    },
    examples: [
      'curl -H "Authorization: Bearer $(onedoor token)" localhost:8080/users',
      "onedoor token login --sub alice --scope 'orders:read' --expires 5m --claim admin=true"
    ],
    load: async () => (await import('./token.ts')).token
  },
  {
    name: 'hash',
    summary: 'hash a key or a password for api-key and basic-auth policies',
    positionals: '',
    most: 0,
    details: 'Reads the secret from standard input, so that it does not appear in the shell history or the list of processes. With ' +
      '--generate it creates one of 32 random bytes and writes\ntwo lines: the secret, and its hash for the configuration.',
    options: {
      generate: { description: 'Create a new secret instead of reading one.' },
      password: { description: 'Use a slow hash (scrypt), which passwords need; for basic-auth.' }
    },
    examples: ['onedoor hash --generate', 'onedoor hash < key.txt', 'onedoor hash --password < password.txt'],
    load: async () => (await import('./hash.ts')).hash
  },
  ...adminCommands,
  {
    name: 'schema',
    summary: 'print the JSON Schema of gateway.yaml for editors',
    positionals: '',
    most: 0,
    details: 'With -c it includes the options of your own plugins in that file.',
    options: { config: { ...configOption['config']!, description: 'Configuration with your own plugins to include.' } },
    examples: ['onedoor schema > gateway.schema.json', 'onedoor schema -c gateway.yaml > gateway.schema.json'],
    load: async () => (await import('./schema.ts')).schema
  },
  {
    name: 'init',
    summary: 'write a first project, or with `plugin NAME` a first plugin and its test',
    positionals: '[plugin NAME]',
    most: 2,
    details: 'A project is gateway.yaml and its schema for editors, package.json, .gitignore and a test. What package.json has already ' +
      'stays as it is.',
    options: { force: { description: 'Replace existing files, except package.json, .gitignore and tsconfig.json.' } },
    examples: ['onedoor init', 'onedoor init plugin stamp'],
    load: async () => (await import('./init.ts')).init
  },
  {
    name: 'completion',
    summary: 'print a script with which a shell completes commands, options and files',
    positionals: 'SHELL',
    most: 1,
    words: ['bash', 'zsh', 'fish'],
    options: {},
    examples: [
      'source <(onedoor completion bash)',
      'onedoor completion zsh > ~/.zsh/completions/_onedoor',
      'onedoor completion fish > ~/.config/fish/completions/onedoor.fish'
    ],
    load: async () => (await import('./completion.ts')).completion(commands)
  }
]
