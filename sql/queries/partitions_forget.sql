SELECT evidence.forget_dropped_partitions()
