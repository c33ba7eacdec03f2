using MLBuild.Serving;
using StarterIdentifier;

// POST /predict with a row, or an array of them: ./build.sh Serve, when a version is deployed.
return await ModelServer.RunAsync(args, RowModel.Definition, new ServedRow<Row>(RowModel.Known)
{
    Contract = RowModel.DataContract,
});
