// Copyright 2026 the RobustMQ authors
// SPDX-License-Identifier: Apache-2.0

// node view.js host:port topic group: reads one partition from its beginning in a group, until the group's committed lag is 0; says
// what it has read, one line each, and then the offset that is committed.
'use strict'

const { Kafka, logLevel } = require('kafkajs')

const [broker, topic, groupId] = process.argv.slice(2)
const kafka = new Kafka({ clientId: 'view-test', brokers: [broker], logLevel: logLevel.ERROR })

async function main () {
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false })
  const admin = kafka.admin()
  await Promise.all([consumer.connect(), admin.connect()])
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommitInterval: 200,
    eachMessage: async ({ message }) => console.log(`${message.offset} ${message.value}`)
  })
  const [{ high }] = await admin.fetchTopicOffsets(topic)
  for (;;) {
    const [{ partitions: [{ offset }] }] = await admin.fetchOffsets({ groupId, topics: [topic] })
    if (offset === high) {
      console.log(`committed ${offset}`)
      break
    }
    await new Promise(resolve => setTimeout(resolve, 200))
  }
  await Promise.all([consumer.disconnect(), admin.disconnect()])
}

main().catch(failure => {
  console.error(failure)
  process.exit(1)
})
