// A service that sends each message to everybody: node examples/websocket/chat.mjs

import { WebSocketServer } from 'ws'

const server = new WebSocketServer({ port: 9005, host: '127.0.0.1' })

server.on('connection', client => {
  client.on('message', data => {
    for (const other of server.clients) other.send(String(data))
  })
})
