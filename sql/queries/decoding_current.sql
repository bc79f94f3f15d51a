-- In the transaction of a batch: with which options must it have been decoded?
SELECT evidence.current_decoding()
