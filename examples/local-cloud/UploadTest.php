<?php

use PHPUnit\Framework\TestCase;

final class UploadTest extends TestCase
{
    private function send(string $method, string $url, array $headers, string $body): array
    {
        $lines = array_map(fn ($name) => "$name: $headers[$name]", array_keys($headers));
        $http = ['method' => $method, 'header' => $lines, 'content' => $body];
        return json_decode(file_get_contents($url, false, stream_context_create(['http' => $http])), true);
    }

    public function testAnUploadIsProven(): void
    {
        $json = ['Content-Type' => 'application/json'];
        $caller = json_encode(['sub' => 'alice', 'claims' => ['plan' => 'pro']]);
        ['token' => $token] = $this->send('POST', CLOUD['gateway'] . '/local/token', $json, $caller);
        $request = json_encode(['rule' => 'documents', 'operation' => 'put', 'filename' => 'a.pdf',
            'contentType' => 'application/pdf', 'contentLength' => 5]);
        $headers = [...$json, 'Authorization' => "Bearer $token"];
        $signed = $this->send('POST', CLOUD['gateway'] . '/signed-url', $headers, $request);
        $answer = $this->send($signed['method'], $signed['url'], $signed['headers'], 'hello');
        $this->assertSame(['ok', 'documents/alice/a.pdf'], [$answer['status'], $answer['key']]);
    }
}
