using MLBuild.Serving;
using Starter_Project;

// POST /predict with what is known when a prediction is asked for, one row or an array of them: ./build.sh Serve.
#if (regression)
string[] known = ["id", "area", "rooms", "built", "district"];
#else
string[] known = ["id", "area", "rooms", "built", "district", "price"];
#endif
return await ModelServer.RunAsync(
    args, RowModel.Definition, new ServedRow<Row>(known) { Contract = RowModel.DataContract });
