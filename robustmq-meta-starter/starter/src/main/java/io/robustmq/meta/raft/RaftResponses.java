/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcResponseFactory;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/** Error answers: jraft's convention is field 99 of the response, whose required fields must still be set. Stateless. */
final class RaftResponses implements RpcResponseFactory {

    @Override
    public Message newResponse(Message parent, int code, String format, Object... arguments) {
        ErrorResponse.Builder error = ErrorResponse.newBuilder().setErrorCode(code);
        if (format != null) {
            error.setErrorMsg(String.format(format, arguments));
        }
        FieldDescriptor field =
                parent == null ? null : parent.getDescriptorForType().findFieldByNumber(ERROR_RESPONSE_NUM);
        if (field == null) {
            return error.build();
        }
        Message.Builder response = parent.toBuilder();
        for (FieldDescriptor required : parent.getDescriptorForType().getFields()) {
            if (required.isRequired() && !response.hasField(required)) {
                response.setField(required, required.getDefaultValue());
            }
        }
        return response.setField(field, error.build()).build();
    }
}
