using System.Globalization;
using System.IO;
using MLBuild.Engine.Stages;
using Nuke.Common;
using Shapes;

/// <summary>A stage for each way in which code is reached.</summary>
public class Build : NukeBuild
{
    public Stage[] Stages =>
    [
        Of("Operators").Runs(run => Write(run, Operators.Value())).Build(),
        Of("Indexers").Runs(run => Write(run, Indexers.Value())).Build(),
        Of("Events").Runs(run => Write(run, Events.Value())).Build(),
        Of("PatternForeach").Runs(run => Write(run, PatternForeach.Value())).Build(),
        Of("OwnSequence").Runs(run => Write(run, OwnSequence.Value())).Build(),
        Of("Disposing").Runs(run => Write(run, Disposing.Value())).Build(),
        Of("FunctionPointers").Runs(run => Write(run, FunctionPointers.Value())).Build(),
        Of("Lazies").Runs(run => Write(run, Lazies.Value())).Build(),
        Of("ExpressionTrees").Runs(run => Write(run, ExpressionTrees.Value())).Build(),
        Of("AsyncStreams").Runs(run => Write(run, AsyncStreams.Value())).Build(),
        Of("AsyncLambdas").Runs(run => Write(run, AsyncLambdas.Value())).Build(),
        Of("OwnAwaitables").Runs(run => Write(run, OwnAwaitables.Value())).Build(),
        Of("Deconstruction").Runs(run => Write(run, Deconstruction.Value())).Build(),
        Of("CollectionExpressions").Runs(run => Write(run, CollectionExpressions.Value())).Build(),
        Of("ExceptionFilters").Runs(run => Write(run, ExceptionFilters.Value())).Build(),
        Of("Extensions").Runs(run => Write(run, Extensions.Value())).Build(),
        Of("StaticDelegates").Runs(run => Write(run, StaticDelegates.Value())).Build(),
        Of("QuerySyntax").Runs(run => Write(run, QuerySyntax.Value())).Build(),
        Of("Interpolation").Runs(run => Write(run, Interpolation.Value())).Build(),
        Of("GenericStatics").Runs(run => Write(run, GenericStatics.Value())).Build(),
        Of("Threads").Runs(run => Write(run, Threads.Value())).Build(),
        Of("CheckedArithmetic").Runs(run => Write(run, CheckedArithmetic.Value())).Build(),
        Of("ExplicitImplementation").Runs(run => Write(run, ExplicitImplementation.Value())).Build(),
        Of("GenericVirtuals").Runs(run => Write(run, GenericVirtuals.Value())).Build(),
        Of("NewConstraint").Runs(run => Write(run, NewConstraint.Value())).Build(),
        Of("Comparers").Runs(run => Write(run, Comparers.Value())).Build(),
        Of("Keys").Runs(run => Write(run, Keys.Value())).Build(),
        Of("Texts").Runs(run => Write(run, Texts.Value())).Build(),
        Of("VirtualDelegates").Runs(run => Write(run, VirtualDelegates.Value())).Build(),
        Of("PrimaryConstructors").Runs(run => Write(run, PrimaryConstructors.Value())).Build(),
        Of("CovariantReturns").Runs(run => Write(run, CovariantReturns.Value())).Build(),
        Of("BaseConstructors").Runs(run => Write(run, BaseConstructors.Value())).Build(),
        Of("NestedGenerics").Runs(run => Write(run, NestedGenerics.Value())).Build(),
        Of("GenericMath").Runs(run => Write(run, GenericMath.Value())).Build(),
        Of("ExternalBase").Runs(run => Write(run, ExternalBase.Value())).Build(),
        Of("ExternalInterface").Runs(run => Write(run, ExternalInterface.Value())).Build(),
        Of("RecordParts").Runs(run => Write(run, RecordParts.Value())).Build(),
        Of("InterfaceChain").Runs(run => Write(run, InterfaceChain.Value())).Build(),
        Of("InheritedImplementation").Runs(run => Write(run, InheritedImplementation.Value())).Build(),
        Of("ConstrainedCalls").Runs(run => Write(run, ConstrainedCalls.Value())).Build(),
        Of("Accessors").Runs(run => Write(run, Accessors.Value())).Build(),
        Of("Attributes").Runs(run => Write(run, Attributes.Value())).Build(),
        Of("Converters").Runs(run => Write(run, Converters.Value())).Build(),
        Of("Activation").Runs(run => Write(run, Activation.Value())).Build(),
        Of("MethodsOfTypes").Runs(run => Write(run, MethodsOfTypes.Value())).Build(),
        Of("TypesByLiteral").Runs(run => Write(run, TypesByLiteral.Value())).Build(),
        Of("Enums").Runs(run => Write(run, Enums.Value())).Build(),
        Of("Graphs").Runs(run => Write(run, Graphs.Value())).Build(),
        Of("OnlyRead").Runs(run => Write(run, OnlyRead.Value())).Build(),
    ];

    private static StageBuilder Of(string name) => new StageBuilder(new(name)).Writes("out.txt");

    private static void Write(StageRun run, double value) =>
        File.WriteAllText(run.Output("out.txt"), value.ToString(CultureInfo.InvariantCulture));
}
