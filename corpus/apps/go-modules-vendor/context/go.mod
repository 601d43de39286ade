module example.com/scale

go 1.24

require example.com/units v1.3.0
