// Copyright 2026 the RobustMQ authors
// SPDX-License-Identifier: Apache-2.0
//
// The scenario of JavaClientScenario for KafkaJS: node driver.js <host:port> <topic> <idempotent> <groups>. Says "passed" when all of it held.
'use strict';

const assert = require('node:assert');
const { Kafka, CompressionTypes, CompressionCodecs, ConfigResourceTypes, logLevel } = require('kafkajs');

CompressionCodecs[CompressionTypes.Snappy] = require('kafkajs-snappy');

const [address, topic, idempotent, groups] = process.argv.slice(2);
const kafka = new Kafka({ clientId: 'kafkajs', brokers: [address], logLevel: logLevel.ERROR, retry: { retries: 3 } });
const codecs = [CompressionTypes.None, CompressionTypes.GZIP, CompressionTypes.Snappy];
const count = 40;
const begin = Date.now() - 600_000;

function message(i, partition) {
  return {
    partition,
    key: i % 5 === 0 ? null : 'key' + i,
    value: i % 7 === 0 ? null : 'value of record ' + i,
    timestamp: String(begin + i * 1000),
    headers: { binary: Buffer.from([0, i, 255]) },
  };
}

async function produce() {
  const producer = kafka.producer({ idempotent: idempotent === 'true', maxInFlightRequests: 1 });
  await producer.connect();
  for (let partition = 0; partition < codecs.length; partition++) {
    const messages = Array.from({ length: count }, (unused, i) => message(i, partition));
    const [sent] = await producer.send({ topic, messages, acks: -1, compression: codecs[partition] });
    assert.strictEqual(sent.baseOffset, '0');
  }
  await producer.disconnect();
}

async function administer(admin) {
  assert.strictEqual((await admin.describeCluster()).brokers.length, 1);
  const { resources } = await admin.describeConfigs({
    includeSynonyms: true,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms'] }],
  });
  assert.strictEqual(resources[0].configEntries[0].configValue, '86400000');
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: [{ name: 'max.message.bytes', value: '1000000' }],
      },
    ],
  });
  await admin.createPartitions({ topicPartitions: [{ topic, count: codecs.length }] });
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  assert.strictEqual(topics[0].partitions.length, codecs.length);
}

async function offsets(admin) {
  for (const place of await admin.fetchTopicOffsets(topic)) {
    assert.deepStrictEqual([place.low, place.high], ['0', String(count)]);
  }
  for (const place of await admin.fetchTopicOffsetsByTimestamp(topic, begin + 9_500)) {
    assert.strictEqual(place.offset, '10');
  }
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '5' }] });
  const first = (await admin.fetchTopicOffsets(topic)).find((place) => place.partition === 0);
  assert.strictEqual(first.low, '5');
}

// KafkaJS has no consumers without a group.
async function consume() {
  const consumer = kafka.consumer({ groupId: topic + '-group' });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  let seen = 0;
  await new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`only ${seen} records`)), 20_000).unref();
    consumer
      .run({
        eachMessage: async ({ partition, message: record }) => {
          const wanted = message(Number(record.offset), partition);
          try {
            assert.strictEqual(record.key === null ? null : record.key.toString(), wanted.key);
            assert.strictEqual(record.value === null ? null : record.value.toString(), wanted.value);
            assert.strictEqual(record.timestamp, wanted.timestamp);
            assert.deepStrictEqual(record.headers.binary, wanted.headers.binary);
          } catch (e) {
            reject(e);
          }
          if (++seen === count * codecs.length) {
            resolve();
          }
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
}

async function main() {
  const admin = kafka.admin();
  await admin.connect();
  assert.ok(
    await admin.createTopics({
      topics: [
        { topic, numPartitions: 1, replicationFactor: 1, configEntries: [{ name: 'retention.ms', value: '86400000' }] },
      ],
    }),
  );
  await administer(admin);
  await produce();
  if (groups === 'true') {
    await consume();
  }
  await offsets(admin);
  await admin.deleteTopics({ topics: [topic] });
  assert.ok(!(await admin.listTopics()).includes(topic));
  await admin.disconnect();
}

main().then(
  () => {
    console.log('passed');
  },
  (e) => {
    console.log(e.stack);
    process.exit(1);
  },
);
