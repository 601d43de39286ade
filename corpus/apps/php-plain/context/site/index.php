<?php

declare(strict_types=1);

require __DIR__ . '/lib/timetable.php';

$timetable = new Timetable(__DIR__ . '/data/departures.csv');
$stop = $_GET['stop'] ?? '';
$departures = $timetable->from($stop);
if (!$departures) {
    http_response_code(404);
    $departures = [];
}
?>
<!doctype html>
<title><?= htmlspecialchars(ucfirst($stop) ?: 'Departures') ?></title>
<link rel="stylesheet" href="/css/site.css">
<h1><?= htmlspecialchars(ucfirst($stop) ?: 'Departures') ?></h1>
<ul>
<?php foreach ($departures as $departure) : ?>
<li><?= $departure->time ?> Line <?= htmlspecialchars($departure->line) ?> to <?= htmlspecialchars($departure->to) ?></li>
<?php endforeach ?>
</ul>
