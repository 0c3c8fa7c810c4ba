/**
 * What heads of links are likely to hold, the likelier the later: deflate refers to it, so that a link need not carry it
 * (the preset dictionary of RFC 1950, section 2.2). Links of version 2 can be read with no other text: never change it.
 */
const text =
  '"transfer_function":"tanh","spec_rad":"autapses":false,"seed":"schedule":{"type":"AdamW","momentum":"clip":"delay_duration":' +
  '"W_in_train":"rec_noise":"L1_in":"L2_rec":"L2_firing_rate":"regularization":{"loss_function":"optimizer":{"type":"loss_epoch":' +
  '"from":0,"to":"random","density":"columns","rows","none"}"fixed_weights":{"initializer":{"type":"WeightInitializer","W_rec":{' +
  '"input_connectivity":{"rec_connectivity":{"pattern":"modules","sizes":[10,"connected":[[0,1],[1,0],[1,1]]},"output_connectivity":{' +
  '"dale_ratio":0.8,"matrices":[["W_in",50,2],["W_rec",50,50],["W_out",2,50],["b_rec",50,1],["b_out",2,1],["init_state",1,50]]' +
  '"precision":"int8","float16","curriculum":{"stages":[{"task":{"coherence":0.7}},{"task":{"coherence":0.5}}],"metric":"accuracy",' +
  '"threshold":0.9,"metric_epoch":10}"locked":["hidden":["*","!task.coherence","!training.learning_rate","!network.N_rec"],' +
  '"type":"LSTM","MatchToCategory","DelayedDiscrimination",{"document":{"nullcline":1,"name":"Hello World","task":{' +
  '"type":"PerceptualDiscrimination","dt":10,"tau":100,"T":2000,"N_batch":128},"network":{"type":"Basic","N_rec":50},"training":{' +
  '"training_iters":50000,"iterations":200}},"iteration":391,"hash":"","arithmetic":"fused","plain","numerics":1}';

export const dictionary = new TextEncoder().encode(text);
