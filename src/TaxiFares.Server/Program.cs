using MLBuild.Serving;
using TaxiFares;

// Quotes fares: POST /predict with what is known when a trip starts, one trip or an array of them.
//   ./build.sh Deploy --model-version 1
//   dotnet run --project src/TaxiFares.Server
//   curl http://127.0.0.1:8090/predict --json '{"pickup_datetime": "2019-02-28 17:05:00", "trip_distance": 2.4,
//     "pickup_location_id": 161, "dropoff_location_id": 236, "passenger_count": 1, "rate_code_id": 1, "vendor_id": 2}'
// With 'balance' as its first argument it asks several servers instead of a model:
//   dotnet run --project src/TaxiFares.Server -- balance --servers "http://10.0.0.5:8090;http://10.0.0.6:8090"
if (args is ["balance", .. var rest])
    return await LoadBalancer.RunAsync(rest);
return await ModelServer.RunAsync(args, TaxiModel.Definition, new ServedRow<TaxiTrip>(TaxiModel.KnownAtStart)
{
    // What is asked for is not drawn from anywhere, so no time is too late.
    Contract = TaxiContract.For(asOf: DateTime.MaxValue),
});
