/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
// Puts MQTT.js at the end of two pipes: a request a line on the standard input, an answer or an event a line on the
// standard output. Several clients live in one process; each request names its own.
'use strict'

const fs = require('node:fs')
const readline = require('node:readline')
const mqtt = require('mqtt')

const clients = new Map()

const tell = (message) => process.stdout.write(JSON.stringify(message) + '\n')

const properties = (extras) => {
  if (!extras) return undefined
  const given = {
    payloadFormatIndicator: extras.text || undefined,
    messageExpiryInterval: extras.expirySeconds ?? undefined,
    contentType: extras.contentType ?? undefined,
    responseTopic: extras.responseTopic ?? undefined,
    correlationData: extras.correlation == null ? undefined : Buffer.from(extras.correlation, 'utf8'),
  }
  if (extras.user.length > 0) {
    given.userProperties = {}
    for (const { name, value } of extras.user) (given.userProperties[name] ??= []).push(value)
  }
  return given
}

const extras = (given) => ({
  text: given?.payloadFormatIndicator === true,
  expirySeconds: given?.messageExpiryInterval ?? null,
  contentType: given?.contentType ?? null,
  responseTopic: given?.responseTopic ?? null,
  correlation: given?.correlationData ? given.correlationData.toString('utf8') : null,
  user: Object.entries(given?.userProperties ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value }))),
})

const connect = (name, { url, ca, version, clientId, clean, will }) =>
  new Promise((resolve, reject) => {
    const five = version === 5
    const client = mqtt.connect(url, {
      ca: ca ? fs.readFileSync(ca) : undefined,
      protocolVersion: version,
      clientId,
      clean,
      reconnectPeriod: 0,
      properties: five ? { sessionExpiryInterval: clean ? 0 : 300 } : undefined,
      will: will
        ? { topic: will.topic, payload: Buffer.from(will.payload, 'base64'), qos: will.qos, retain: will.retained }
        : undefined,
    })
    clients.set(name, client)
    let reason = -1
    let polite = false
    client.on('message', (topic, payload, packet) =>
      tell({
        event: 'message',
        client: name,
        topic,
        payload: payload.toString('base64'),
        qos: packet.qos,
        retained: packet.retain,
        extras: extras(packet.properties),
      }))
    client.on('disconnect', (packet) => { reason = packet.reasonCode })
    client.on('end', () => { polite = true })
    client.on('close', () => setImmediate(() => {
      if (!client.disconnecting && !polite) tell({ event: 'lost', client: name, reason })
    }))
    client.on('error', reject)
    client.once('connect', (connack) => resolve({ sessionPresent: connack.sessionPresent }))
  })

const requests = {
  connect,
  subscribe: async (name, { filter, qos }) => {
    const granted = await clients.get(name).subscribeAsync(filter, { qos })
    return { qos: granted[0].qos }
  },
  unsubscribe: async (name, { filter }) => {
    await clients.get(name).unsubscribeAsync(filter)
    return {}
  },
  publish: async (name, { messages }) => {
    await Promise.all(messages.map((message) =>
      clients.get(name).publishAsync(message.topic, Buffer.from(message.payload, 'base64'), {
        qos: message.qos,
        retain: message.retained,
        properties: properties(message.extras),
      })))
    return {}
  },
  disconnect: async (name) => {
    const client = clients.get(name)
    clients.delete(name)
    if (client?.connected) await client.endAsync()
    else client?.end(true)
    return {}
  },
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, request, client, ...more } = JSON.parse(line)
  requests[request](client, more).then(
    (result) => tell({ id, result }),
    (error) => tell({ id, error: String(error?.stack ?? error) }))
}).on('close', () => process.exit(0))
