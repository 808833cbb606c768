<?php

$command = ['node_modules/.bin/oss-direct', 'local', '--port', '0', '--json', '--quiet'];
$process = proc_open($command, [1 => ['pipe', 'w']], $pipes);
$line = fgets($pipes[1]);
if ($line === false) {
    throw new RuntimeException('The local cloud did not start: its error is above');
}
register_shutdown_function(function () use ($process) {
    proc_terminate($process);
    proc_close($process);
});
define('CLOUD', json_decode($line, true));
