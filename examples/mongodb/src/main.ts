import { MongoClient } from "mongodb";
import { keepOrders } from "./orders.ts";

const uri = process.env.MONGODB_URI ?? "mongodb://127.0.0.1:27017";
const client = new MongoClient(uri);
await keepOrders(client.db("everdraft-example"));
await client.close();
