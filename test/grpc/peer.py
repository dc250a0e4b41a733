"""A client on Debian's python3-grpcio: calls every kind of method of the test service, and prints what each has brought."""

import hashlib
import json
import sys

import grpc

same = lambda message: message
channel = grpc.insecure_channel(sys.argv[1], options=[('grpc.max_receive_message_length', -1)])
metadata = [('x-asked', 'yes'), ('x-asked-bin', bytes([0, 255, 10, 44]))]


def own(fields):
    return sorted([key, value.hex() if isinstance(value, bytes) else value] for key, value in fields
                  if key.startswith('x-') and key != 'x-request-id')


def outcome(call, messages):
    return {'code': call.code().name, 'details': call.details(), 'first': own(call.initial_metadata()),
            'last': own(call.trailing_metadata()), 'messages': [len(messages), hashlib.sha256(b''.join(messages)).hexdigest()]}


def attempt(name, requests, deadline=20):
    call = channel.stream_stream('/shop.Orders/' + name, same, same)(iter(requests), metadata=metadata, timeout=deadline)
    messages = []
    try:
        for message in call:
            messages.append(message)
    except grpc.RpcError:
        pass
    return outcome(call, messages)


def unary(name, request):
    try:
        message, call = channel.unary_unary('/shop.Orders/' + name, same, same).with_call(request, metadata=metadata, timeout=20)
        return outcome(call, [message])
    except grpc.RpcError as error:
        return outcome(error, [])


print(json.dumps({
    'unary': unary('Echo', b'hello'),
    'large': unary('Echo', bytes(300 * 1024)),
    'error': unary('Fail', bytes([9])),
    'missing': unary('Missing', b''),
    'server stream': attempt('List', [(50).to_bytes(4, 'big') + (3000).to_bytes(4, 'big')]),
    'client stream': attempt('Sum', [bytes(size * 100) for size in range(50)]),
    'both': attempt('Chat', [b'message %d' % count for count in range(20)]),
    'eight MiB': attempt('Chat', [bytes([count]) * 1024 * 1024 for count in range(8)]),
    'deadline': attempt('Wait', [b'x'], deadline=0.3)['code'],
}))
