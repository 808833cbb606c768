<?php
// Puts a PDF: BASE_URL=… TOKEN=… php put.php report.pdf

function send(string $method, string $url, array $headers, string $body): array
{
    $lines = array_map(fn ($name) => "$name: $headers[$name]", array_keys($headers));
    $http = ['method' => $method, 'header' => $lines, 'content' => $body, 'ignore_errors' => true];
    $answer = file_get_contents($url, false, stream_context_create(['http' => $http]));
    $status = (int) explode(' ', $http_response_header[0])[1];
    return $status < 300 ? [$status, $answer] : throw new RuntimeException("$status $answer");
}

[$base, $token, $path] = [getenv('BASE_URL'), getenv('TOKEN'), $argv[1]];

$request = ['rule' => 'documents', 'operation' => 'put', 'filename' => basename($path),
    'contentType' => 'application/pdf', 'contentLength' => filesize($path)];
$headers = ['Authorization' => "Bearer $token", 'Content-Type' => 'application/json'];
[, $answer] = send('POST', "$base/signed-url", $headers, json_encode($request));
$signed = json_decode($answer, true);
[$status, $answer] = send($signed['method'], $signed['url'], $signed['headers'], file_get_contents($path));
echo $status === 200 ? 'proven: ' : 'stored, not proven: ', $answer, "\n";
