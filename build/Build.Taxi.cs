using MLBuild.Nuke;
using Nuke.Common;
using Nuke.Common.IO;
using TaxiFares;

/// <summary>What the operations have to know of the example: the model they deploy, the server they start.</summary>
partial class Build
{
    static string ModelName => TaxiModel.Definition.Name;

    AbsolutePath Server => RootDirectory / "src" / "TaxiFares.Server";

    Target Sample => _ => _
        .Description("Makes the sample trips in data/ anew")
        .Executes(() => SampleTrips.Write(RootDirectory / "data"));
}
