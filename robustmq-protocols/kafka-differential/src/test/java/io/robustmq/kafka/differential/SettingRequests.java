/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResourceCollection;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfigCollection;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** AlterConfigs and IncrementalAlterConfigs, and what they have made. Stateless. */
final class SettingRequests {
    static final Family SETTINGS = new Family(
            "settings",
            200,
            Set.of(ApiKeys.ALTER_CONFIGS, ApiKeys.INCREMENTAL_ALTER_CONFIGS, ApiKeys.DESCRIBE_CONFIGS),
            SettingRequests::settings);

    private SettingRequests() {}

    private static List<Step> settings(Dice dice) {
        List<Step> steps = new ArrayList<>();
        String topic = dice.own("a");
        steps.add(TopicRequests.made(topic, 1, Map.of()));
        for (int i = 0; i < 1 + dice.below(4); i++) {
            steps.add(dice.chance(0.35) ? replaced(dice, topic) : changed(dice, topic));
            steps.add(described(topic));
        }
        return steps;
    }

    private static Step described(String topic) {
        return Step.of(
                ApiKeys.DESCRIBE_CONFIGS,
                4,
                new DescribeConfigsRequestData()
                        .setIncludeSynonyms(true)
                        .setResources(List.of(new DescribeConfigsResource()
                                .setResourceType((byte) 2)
                                .setResourceName(topic)
                                .setConfigurationKeys(null))));
    }

    private static byte type(Dice dice) {
        return (byte) (dice.chance(0.93) ? 2 : dice.one(0, 3, 127, -1));
    }

    private static String name(Dice dice, String topic) {
        return dice.chance(0.85) ? topic : dice.one(dice.missing(), dice.oddName());
    }

    private static Step replaced(Dice dice, String topic) {
        List<AlterConfigsResource> resources = dice.different(
                2,
                () -> new AlterConfigsResource()
                        .setResourceType(type(dice))
                        .setResourceName(name(dice, topic))
                        .setConfigs(values(dice)),
                AlterConfigsResource::resourceName);
        return Step.of(
                ApiKeys.ALTER_CONFIGS,
                dice.version(ApiKeys.ALTER_CONFIGS),
                new AlterConfigsRequestData()
                        .setValidateOnly(dice.chance(0.15))
                        .setResources(new AlterConfigsResourceCollection(resources.iterator())));
    }

    private static AlterableConfigCollection values(Dice dice) {
        AlterableConfigCollection values = new AlterableConfigCollection();
        for (int i = 0; i < dice.below(3); i++) {
            String[] setting = setting(dice);
            values.add(new AlterableConfig().setName(setting[0]).setValue(setting[1]));
        }
        return values;
    }

    /** A name and a value. */
    private static String[] setting(Dice dice) {
        String[] chosen = dice.one(ConfigValues.TOPIC);
        return new String[] {chosen[0], chosen[1 + (dice.chance(0.6) ? 0 : dice.below(chosen.length - 1))]};
    }

    private static Step changed(Dice dice, String topic) {
        IncrementalAlterConfigsRequestData data =
                new IncrementalAlterConfigsRequestData().setValidateOnly(dice.chance(0.15));
        dice.different(2, () -> name(dice, topic), each -> each).forEach(name -> {
            var resource = new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                    .setResourceType(type(dice))
                    .setResourceName(name);
            for (int i = 0; i < 1 + dice.below(3); i++) {
                String[] setting = setting(dice);
                resource.configs()
                        .add(new IncrementalAlterConfigsRequestData.AlterableConfig()
                                .setName(setting[0])
                                .setConfigOperation(
                                        dice.mostly(0, 1, 2, 3, 1, 2, 3, 4, -1).byteValue())
                                .setValue(dice.chance(0.05) ? null : setting[1]));
            }
            data.resources().add(resource);
        });
        return Step.of(ApiKeys.INCREMENTAL_ALTER_CONFIGS, dice.version(ApiKeys.INCREMENTAL_ALTER_CONFIGS), data);
    }
}
